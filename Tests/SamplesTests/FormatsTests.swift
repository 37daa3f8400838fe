import Foundation
import Samples
import Testing

extension SamplesSuite {
  @Suite struct FormatsTests {
    let folder: Folder
    let expected: [[Float]] = [[1, 2, 3], [4, 5, 6]]

    init() throws { folder = try Folder() }

    @Test func npyTypesAndOrders() throws {
      let f4 = bytes([1, 2, 3, 4, 5, 6] as [Float])
      let cases: [(String, [UInt8])] = [
        ("<f4", f4), ("<f8", bytes([1, 2, 3, 4, 5, 6] as [Double])), ("<f2", bytes([1, 2, 3, 4, 5, 6] as [Float16])),
        ("|i1", [1, 2, 3, 4, 5, 6]), ("|u1", [1, 2, 3, 4, 5, 6]), ("<i2", bytes([1, 2, 3, 4, 5, 6] as [Int16])),
        ("<u2", bytes([1, 2, 3, 4, 5, 6] as [UInt16])), ("<i4", bytes([1, 2, 3, 4, 5, 6] as [Int32])),
        ("<u4", bytes([1, 2, 3, 4, 5, 6] as [UInt32])), ("<i8", bytes([1, 2, 3, 4, 5, 6] as [Int64])),
        ("<u8", bytes([1, 2, 3, 4, 5, 6] as [UInt64])),
        (">f4", bytes(([1, 2, 3, 4, 5, 6] as [Float]).map { $0.bitPattern.bigEndian })),
        (">f8", bytes(([1, 2, 3, 4, 5, 6] as [Double]).map { $0.bitPattern.bigEndian })),
        (">i2", bytes(([1, 2, 3, 4, 5, 6] as [Int16]).map(\.bigEndian))),
      ]
      for (descr, payload) in cases {
        for version in 1...3 {
          try folder.write("a.npy", npy(descr, "(2, 3)", version: UInt8(version), payload))
          #expect(try folder.rows(#"{"file": "a.npy"}"#).array == expected, "\(descr)")
        }
      }
      try folder.write("f.npy", npy("<f4", "(2, 3)", fortran: true, bytes([1, 4, 2, 5, 3, 6] as [Float])))
      #expect(try folder.rows(#"{"file": "f.npy"}"#).array == expected)
      try folder.write("nd.npy", npy("<f4", "(2, 1, 3)", f4))
      #expect(try folder.rows(#"{"file": "nd.npy"}"#).array == expected)
      try folder.write("b.npy", npy("|b1", "(3,)", [0, 1, 1]))
      #expect(try folder.rows(#"{"file": "b.npy"}"#).array == [[0], [1], [1]])
      try folder.write("i.npy", npy("|i1", "(1, 2)", [255, 128]))
      #expect(try folder.rows(#"{"file": "i.npy"}"#).array == [[-1, -128]])
      try folder.write("z.npy.gz", gzip(npy("<f4", "(2, 3)", f4)))
      #expect(try folder.rows(#"{"file": "z.npy.gz"}"#).array == expected)
    }

    @Test func npzMembers() throws {
      let a = npy("<f4", "(2, 3)", bytes([1, 2, 3, 4, 5, 6] as [Float]))
      for deflated in [false, true] {
        try folder.write("one.npz", npz([("a", a)], deflated: deflated))
        #expect(try folder.rows(#"{"file": "one.npz"}"#).array == expected)
        try folder.write("two.npz", npz([("a", a), ("b", npy("|u1", "(1, 1)", [9]))], deflated: deflated))
        #expect(try folder.rows(#"{"file": "two.npz", "array": "b"}"#).array == [[9]])
      }
      #expect(folder.message(#"{"file": "two.npz"}"#).contains("say which array with 'array:'; it has a, b"))
      #expect(folder.message(#"{"file": "two.npz", "array": "c"}"#).contains("has no array 'c'"))
      let whole = try npz([("a", a)], deflated: false)
      try folder.write("cut.npz", Array(whole.prefix(whole.count / 2)))
      #expect(folder.message(#"{"file": "cut.npz"}"#).contains("not a whole .npz archive"))
      let start = try #require(whole.firstRange(of: a)?.lowerBound)
      var flipped = whole
      flipped[start + a.count - 2] ^= 1
      try folder.write("crc.npz", flipped)
      #expect(folder.message(#"{"file": "crc.npz"}"#).contains("damaged"))
    }

    @Test func tables() throws {
      for (name, text) in [
        ("a.csv", "1,2,3\n4,5,6\n"), ("h.csv", "x,y,z\r\n1, 2 ,3\r\n4,5,6"), ("s.csv", "x;y;z\n1;2;3\n4;5;6\n\n\n"),
        ("t.tsv", "1\t2\t3\n4\t5\t6"), ("q.csv", "\u{FEFF}\"a \"\"b\"\", c\",\"d\ne\",f\n\"1\",2,3\n4,\"5\",6e0\n"),
        ("mac.csv", "1,2,3\r4,5,6\r"), ("comma.csv", "x,y,z,\n1,2,3\n4,5,6\n"),
      ] {
        try folder.write(name, text)
        #expect(try folder.rows(#"{"file": "\#(name)"}"#).array == expected, "\(name)")
        try folder.write(name + ".gz", gzip(Array(text.utf8)))
        #expect(try folder.rows(#"{"file": "\#(name).gz"}"#).array == expected, "\(name).gz")
      }
      for (text, part) in [
        ("x,y\n1,2\n3,\n", "row 2, column 'y' is empty"), ("x,y\n1,2\nnan,3\n", "row 2, column 'x' is nan"),
        ("1,2\n3,inf\n", "row 2, column 2 is inf"), ("1,2\n3,1e39\n", "row 2, column 2 is inf"),
        ("1,2\n3,abc\n", "'abc', not a number"), ("1,2\n3\n", "line 2 has 1 values"), ("", "is empty"),
        ("x,y\n", "no rows"), ("1,2\n\n3,4\n", "line 2 is blank"), ("x\n\"1\n", "inside quotes"),
        ("10,2\n3,0X1p3\n", "'0X1p3', not a number"), ("c,\"a\nb\"\n2,x\n", "column 'a\\nb' is 'x'"),
      ] {
        try folder.write("bad.csv", text)
        let message = folder.message(#"{"file": "bad.csv"}"#)
        #expect(message.contains(part) && message.contains("bad.csv"), "\(message)")
      }
    }

    @Test func idx() throws {
      let image: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
      try folder.write("train-images-idx3-ubyte", image)
      #expect(try folder.rows(#"{"file": "train-images-idx3-ubyte"}"#).array == expected)
      try folder.write("train-images-idx3-ubyte.gz", gzip(image))
      #expect(try folder.rows(#"{"file": "train-images-idx3-ubyte.gz"}"#).array == expected)
      try folder.write("short-idx", [0, 0, 0x0B, 1, 0, 0, 0, 2, 0xFF, 0xFF, 1, 0])
      #expect(try folder.rows(#"{"file": "short-idx"}"#).array == [[-1], [256]])
      try folder.write("cut-idx", Array(image.dropLast()))
      #expect(folder.message(#"{"file": "cut-idx"}"#).contains("cut off"))
      #expect(folder.message(#"{"file": "train-images-idx3-ubyte", "array": "x"}"#).contains("leave out 'array: x'"))
    }

    @Test func hostileHeaders() throws {
      let cases: [(String, [UInt8], String)] = [
        ("a.npy", npy("<f4", "(1000000000000000000, 2)", [1, 2]), "more than it can hold"),
        ("b.npy", npy("<f4", "(9223372036854775807, 9223372036854775807, 3)", []), "more than it can hold"),
        ("c.npy", npy("<f4", "(99999999999999999999999, 2)", []), "damaged"),
        ("d.npy", npy("<f4", "()", bytes([1] as [Float])), "single number"),
        ("e.npy", npy("<f4", "(0, 3)", []), "no samples"),
        ("f.npy", npy("<f4", "(2, 1)", [1, 2, 3]), "cut off"),
        ("g.npy", npy("<f4", "(1, 1)", [1, 2, 3, 4, 5]), "more bytes"),
        ("h.npy", npy("|O", "(1, 1)", [1]), "type '|O'"),
        ("h2.npy", npy("<c8", "(1, 1)", [1]), "type '<c8'"),
        ("i.npy", Array(npy("<f4", "(1, 1)", []).prefix(30)), "cut off"),
        ("j.npy", [], "cut off"), ("k.npy", Array("hello, this is text".utf8), "it is text"),
        ("l.npy", npy("<f4", "(-1, 1)", []), "damaged"),
        ("m.npy", npy("<f4", "(1, 2)", bytes([1, .nan] as [Float])), "row 1, column 2 is nan"),
        ("n.npy.gz", try gzip(npy("<f4", "(1000000000000, 2)", [1, 2])), "more than it can hold"),
        ("o.npy.gz", Array(try gzip(npy("<f4", "(9, 9)", .init(repeating: 0, count: 324))).dropLast(12)), "cut off"),
        ("p.npy.gz", npy("<f4", "(1, 1)", [0, 0, 0, 0]), "not gzip-compressed"),
        ("q-idx", [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 1], "more than it can hold"),
        ("r.npz", [], "not a whole .npz"), ("s.txt", Array("1 2".utf8), "unknown format"),
      ]
      for (name, content, part) in cases {
        try folder.write(name, content)
        let message = folder.message(#"{"file": "\#(name)"}"#)
        #expect(message.contains(part) && message.contains(name), "\(message)")
      }
      #expect(folder.message(#"{"file": "absent.npy"}"#).contains("No such file"))
      #expect(folder.message(#"{"file": "."}"#).contains("not a file"))
    }

    @Test func mutatedFiles() throws {
      let array = npy("<f4", "(2, 3)", bytes([1, 2, 3, 4, 5, 6] as [Float]))
      let originals: [(String, [UInt8])] = [
        ("m.npy", array), ("m.npy.gz", try gzip(array)), ("m.npz", try npz([("a", array)], deflated: false)),
        ("n.npz", try npz([("a", array)], deflated: true)), ("m.csv", Array("x,\"y\"\n1,2\n3,\"4\"\n".utf8)),
        ("m.csv.gz", try gzip(Array("x,y\n1,2\n3,4\n".utf8))),
        ("m-idx", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]),
      ]
      var random = RandomNumberGeneratorOfTest(state: 7)
      for (name, original) in originals {
        for _ in 0..<2000 {
          var content = original
          for _ in 0..<Int.random(in: 1...4, using: &random) where !content.isEmpty {
            let at = Int.random(in: 0..<content.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: content[at] = UInt8.random(in: 0...255, using: &random)
            case 1: content[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: content.remove(at: at)
            case 3: content.insert(UInt8.random(in: 0...255, using: &random), at: at)
            default: if Int.random(in: 0..<4, using: &random) == 0 { content.removeLast(content.count - at) }
            }
          }
          try folder.write(name, content)
          let message = folder.message(#"{"file": "\#(name)"}"#)
          #expect(message.hasPrefix("no error") || message.contains(name), "\(message)")
        }
      }
    }
  }
}

struct RandomNumberGeneratorOfTest: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
