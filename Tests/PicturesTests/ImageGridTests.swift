import Pictures
import Testing

@Suite struct ImageGridTests {
  /// Two grey images of 1 x 2 pixels, enlarged twice, with gaps of two pixels; what lies outside the range is black or white.
  @Test func grey() {
    let grid = ImageGrid(image: [1, 2, 1], columns: 2, range: 0...2)
    let picture = grid.draw([[-1, 1], nil, [5, .nan]], enlarged: 2)
    #expect(picture.width == 14 && picture.height == 10 && picture.channels == 1)
    func pixel(_ x: Int, _ y: Int) -> UInt8 { picture.pixels[y * 14 + x] }
    #expect(pixel(2, 2) == 0 && pixel(3, 3) == 0 && pixel(4, 2) == 128 && pixel(5, 3) == 128)
    #expect(pixel(8, 2) == 128, "an empty place")
    #expect(pixel(2, 6) == 255 && pixel(4, 6) == 128, "what is no number is grey")
    #expect(pixel(0, 0) == 128 && pixel(13, 9) == 128)
  }

  @Test func colours() throws {
    let picture = ImageGrid(image: [1, 1, 3], columns: 1, range: 0...1).draw([[1, 0, 0.5]])
    #expect(picture.channels == 3)
    let middle = 3 * (2 * 5 + 2)
    #expect(Array(picture.pixels[middle..<middle + 3]) == [255, 0, 128])
    let png = try picture.png()
    #expect(png.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    #expect(Array(png[16..<26]) == [0, 0, 0, 5, 0, 0, 0, 5, 8, 2], "8 bits of red, green and blue")
  }

  /// Of two channels the first is drawn.
  @Test func otherChannels() {
    let picture = ImageGrid(image: [1, 1, 2], columns: 1, range: 0...1).draw([[1, 0]])
    #expect(picture.channels == 1 && picture.pixels[12] == 255)
  }
}
