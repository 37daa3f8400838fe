/// A page of HTML in one file: no script, nothing fetched, for screens of all widths and paper.
struct Page {
  let title: String
  private var body = ""

  init(title: String) { self.title = title }

  /// Letters that mean something to HTML are written as entities.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  mutating func heading(_ text: String) { body += "<h2>\(Self.escaped(text))</h2>\n" }

  mutating func paragraph(_ text: String) { body += "<p>\(Self.escaped(text))</p>\n" }

  /// A text whose columns stand below each other.
  mutating func preformatted(_ text: String) { body += "<pre>\(Self.escaped(text))</pre>\n" }

  /// A text that is shown when asked for.
  mutating func folded(_ summary: String, _ text: String) {
    body += "<details><summary>\(Self.escaped(summary))</summary><pre>\(Self.escaped(text))</pre></details>\n"
  }

  /// A table with a first row of titles.
  mutating func table(_ rows: [[String]]) {
    body += "<div class=wide><table>\n"
    for (index, row) in rows.enumerated() {
      let cell = index == 0 ? "th" : "td"
      body += "<tr>" + row.map { "<\(cell)>\(Self.escaped($0))</\(cell)>" }.joined() + "</tr>\n"
    }
    body += "</table></div>\n"
  }

  /// Figures beside each other as far as there is room, each with what it shows.
  mutating func figures(_ figures: [(kind: String, bytes: [UInt8], caption: String)]) {
    guard !figures.isEmpty else { return }
    body += "<div class=figures>\n"
    for figure in figures {
      body +=
        "<figure><img alt=\"\(Self.escaped(figure.caption))\" src=\"data:image/\(figure.kind);base64,"
        + Base64.text(figure.bytes) + "\">"
      if figure.kind == "png" { body += "<figcaption>\(Self.escaped(figure.caption))</figcaption>" }
      body += "</figure>\n"
    }
    body += "</div>\n"
  }

  /// The page as a file.
  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Self.escaped(title))</title>
    <style>
    :root { color-scheme: light dark; }
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 1320px; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid #8888; }
    pre { overflow-x: auto; font-size: 0.8rem; padding: 0.5rem; background: #8881; }
    .wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.9rem; }
    th, td { text-align: left; padding: 0.15rem 0.8rem 0.15rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
    .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 0.8rem; }
    figure { margin: 0; background: #fff; color: #000; border-radius: 4px; padding: 0.3rem; break-inside: avoid; }
    figure img { width: 100%; height: auto; display: block; } figcaption { font-size: 0.85rem; padding: 0.3rem; }
    @media print { body { font-size: 11px; } details[open] summary { display: none; } }
    </style></head><body>
    <h1>\(Self.escaped(title))</h1>
    \(body)</body></html>

    """
  }
}

/// Bytes as text (RFC 4648).
enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      let word = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - part.count))
      for place in 0..<4 {
        text.append(place <= part.count ? letters[Int(word >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
