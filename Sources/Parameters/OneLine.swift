/// A text as a message shows it: without control characters and letters that nobody sees, cut where it is longer than the
/// limit.
package func oneLine(_ text: String, limit: Int) -> String {
  var shown = ""
  var length = 0
  for letter in text.unicodeScalars {
    if length == limit { return shown + "..." }
    length += 1
    if letter.value < 0x20 || (0x7F..<0xA0).contains(letter.value) || letter.isInvisible
      || letter.isBlank && letter != " "
    {
      shown += letter.escaped(asASCII: true)
    } else {
      shown.unicodeScalars.append(letter)
    }
  }
  return shown
}
