/// A number of bytes with its unit: `590 MB`, `2.40 GB`.
package func bytesInWords(_ bytes: Double) -> String {
  var value = max(bytes, 0), unit = "bytes"
  for next in ["kB", "MB", "GB"] where value >= 1000 {
    value /= 1000
    unit = next
  }
  guard value.isFinite, value < 1e12 else { return "more than 1e12 GB" }
  if unit == "bytes" || value >= 99.95 { return "\(Int(value.rounded())) \(unit)" }
  let digits = value >= 9.995 ? 1 : 2, scale = digits == 1 ? 10 : 100
  let scaled = Int((value * Double(scale)).rounded()), rest = String(scaled % scale)
  return "\(scaled / scale).\(String(repeating: "0", count: digits - rest.utf8.count))\(rest) \(unit)"
}
