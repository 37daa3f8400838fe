/// The checksum of HDF5's metadata: Bob Jenkins' lookup3 (hashlittle, with 0 to begin with).
func metadataChecksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var a = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.count), b = a, c = a
  func rotated(_ x: UInt32, _ bits: UInt32) -> UInt32 { x << bits | x >> (32 - bits) }
  func word(_ place: Int) -> UInt32 {
    (0..<4).reduce(0) { sum, i in
      place + i < bytes.endIndex ? sum | UInt32(bytes[place + i]) << UInt32(8 * i) : sum
    }
  }
  guard !bytes.isEmpty else { return c }
  var place = bytes.startIndex
  while bytes.endIndex - place > 12 {
    a &+= word(place)
    b &+= word(place + 4)
    c &+= word(place + 8)
    a = (a &- c) ^ rotated(c, 4)
    c &+= b
    b = (b &- a) ^ rotated(a, 6)
    a &+= c
    c = (c &- b) ^ rotated(b, 8)
    b &+= a
    a = (a &- c) ^ rotated(c, 16)
    c &+= b
    b = (b &- a) ^ rotated(a, 19)
    a &+= c
    c = (c &- b) ^ rotated(b, 4)
    b &+= a
    place += 12
  }
  a &+= word(place)
  b &+= word(place + 4)
  c &+= word(place + 8)
  c = (c ^ b) &- rotated(b, 14)
  a = (a ^ c) &- rotated(c, 11)
  b = (b ^ a) &- rotated(a, 25)
  c = (c ^ b) &- rotated(b, 16)
  a = (a ^ c) &- rotated(c, 4)
  b = (b ^ a) &- rotated(a, 14)
  c = (c ^ b) &- rotated(b, 24)
  return c
}
