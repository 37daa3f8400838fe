import Samples
import Testing

extension SamplesSuite {
  /// Files whose first bytes say that they are something else than their names say.
  @Suite struct FileContentTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private static let files: [(content: [UInt8], part: String)] = [
      ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], "gzip-compressed"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0], "xz-compressed"),
      ([0x28, 0xB5, 0x2F, 0xFD, 4], "zstd-compressed"), (Array("BZh91AY&SY".utf8) + [1], "bzip2-compressed"),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "old Excel workbook"), (Array("PAR1".utf8) + [21, 4], "Parquet"),
      (Array("ARROW1".utf8) + [0, 0], "Arrow"),
      (Array("RDX3\nX\n".utf8) + [0], "R data file"), ([0x58, 0x0A, 0, 0, 0, 3], "R data file"),
      ([0x80, 4, 0x95], "Python pickle"),
      (Array("MATLAB 5.0 MAT-file, Platform".utf8), "MATLAB"), ([0x89, 0x50, 0x4E, 0x47], "PNG"),
      (Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".utf8), "Git LFS pointer"),
      (Array("<!DOCTYPE html>\n<html>".utf8), "web page"),
      (Array("/annex/objects/SHA256E-s1--a.npy".utf8), "git-annex pointer"),
      (archive(of: "xl/workbook.xml"), "Excel workbook"), (archive(of: "archive/data.pkl"), "PyTorch"),
    ]

    private static func archive(of member: String) -> [UInt8] {
      [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + [UInt8(member.utf8.count), 0, 0, 0] + Array(member.utf8)
    }

    @Test func foreignFiles() throws {
      for (content, part) in Self.files {
        for name in ["a.csv", "a.npy", "a.npz", "a.h5", "a.tsv"] {
          try folder.write(name, content)
          let found = folder.message(#"{"file": "\#(name)"}"#)
          #expect(found.contains("is not what its name says: it is") && found.contains(part), "\(found)")
        }
        try folder.write("a.dat", content)
        #expect(folder.message(#"{"file": "a.dat"}"#).contains(part))
      }
    }

    /// The program's own formats under another's name are named.
    @Test func ownFormats() throws {
      let array = npy("<f4", "(1, 2)", bytes([1, 2] as [Float]))
      let files: [(content: [UInt8], names: [String], part: String)] = [
        (array, ["a.csv", "a.npz", "a.h5"], "a NumPy array; name it .npy"),
        (try npz([("x", array)], deflated: true), ["a.csv", "a.npy", "a.h5"], "a ZIP archive"),
        (try gzip(array), ["a.npy", "a.csv"], "gzip-compressed; let its name end in .gz"),
        (
          [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 0, count: 600), ["a.csv", "a.npy"],
          "an HDF5 file"
        ),
        (Array("1,2\n3,4\n".utf8), ["a.npy", "a.npz", "a.h5"], "it is text; if it is a table, name it .csv"),
      ]
      for (content, names, part) in files {
        for name in names {
          try folder.write(name, content)
          let found = folder.message(#"{"file": "\#(name)"}"#)
          #expect(found.contains("is not what its name says") && found.contains(part), "\(name): \(found)")
        }
      }
      try folder.write("a.npy.gz", gzip(gzip(array)))
      #expect(folder.message(#"{"file": "a.npy.gz"}"#).contains("gzip-compressed"))
    }

    /// Names of columns that begin as other formats do are names.
    @Test(arguments: ["PAR1,b", "ORC,b", "Rar!,b", "X,b", "A,b", "CDF,b", "BZh9,b", "version,b", "%PDF,b"])
    func tablesThatBeginLikeOthers(line: String) throws {
      try folder.write("a.csv", line + "\n1,2\n3,5\n")
      let found = try folder.reads(#"{"file": "a.csv"}"#)
      #expect(found.names == line.split(separator: ",").map(String.init) && found.rows == [[1, 2], [3, 5]])
    }

    @Test(arguments: [
      ("<c16", "complex numbers of type '<c16'"), ("|O", "Python objects"), ("<U3", "texts of type '<U3'"),
      ("|S3", "texts"),
      ("<M8[D]", "dates"), ("<f16", "numbers of type '<f16'; save it as float32"),
    ])
    func typesThatAreNoNumbers(descr: String, part: String) throws {
      try folder.write("a.npy", npy(descr, "(1, 1)", [UInt8](repeating: 0, count: 16)))
      let found = folder.message(#"{"file": "a.npy"}"#)
      #expect(found.contains(part), "\(found)")
    }
  }
}
