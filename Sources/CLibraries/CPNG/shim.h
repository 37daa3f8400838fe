#pragma once
#include <png.h>

// What libpng's simplified interface has as macros.
static inline png_image gpa_png_image(unsigned width, unsigned height, int is_colour) {
  png_image image = {0};
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = is_colour ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  return image;
}
