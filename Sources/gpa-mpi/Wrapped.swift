/// A text as lines of at most so many letters, each with its line feed: behind a margin, which later lines may have wider.
func wrapped(_ text: String, margin: String, hanging: String? = nil, width: Int = 96) -> String {
  var lines: [String] = [], line = margin
  for word in text.split(separator: " ") {
    if line.count + 1 + word.count > width {
      lines.append(line)
      line = (hanging ?? margin) + word
    } else {
      line += line.allSatisfy { $0 == " " } ? String(word) : " " + word
    }
  }
  return (lines + [line]).map { $0 + "\n" }.joined()
}
