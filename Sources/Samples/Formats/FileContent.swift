/// What a file holds, by its first bytes, whatever its name says.
enum FileContent: Equatable {
  case numPy, zip, hdf5
  /// Anything that no format of samples reads; the words continue "it is".
  case foreign(String)

  /// The kind of a file that starts with these bytes; nil where they say nothing, as those of a text do.
  init?(_ head: [UInt8]) {
    // HDF5 allows a block of the user's own in front.
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    if [0, 512, 1024, 2048].contains(where: { head.dropFirst($0).starts(with: signature) }) {
      self = .hdf5
    } else if head.starts(with: NumPyArray.magic) {
      self = .numPy
    } else if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) {
      self = Self.archive(head)
    } else if head.count >= 512, head.dropFirst(257).starts(with: Array("ustar".utf8)) {
      self = .foreign("a tar archive; unpack it")
    } else if let known = Self.known.first(where: { head.starts(with: $0.start) }),
      !known.start.allSatisfy(Self.isPrintable) || known.start.count > 6 || head.contains(where: Self.isControl)
    {
      // A short word may as well be the first name of a table.
      self = .foreign(known.text)
    } else if let known = Self.texts.first(where: { Self.begins(head, with: $0.start) }) {
      self = .foreign(known.text)
    } else {
      return nil
    }
  }

  /// The words that say what it is and what to do.
  var text: String {
    switch self {
    case .numPy: "a NumPy array; name it .npy"
    case .zip: "a ZIP archive, as .npz files are; name it .npz if it is one"
    case .hdf5: "an HDF5 file; name it .h5, or .h5ad if anndata wrote it"
    case .foreign(let text): text
    }
  }

  /// A ZIP archive by its first member.
  private static func archive(_ head: [UInt8]) -> FileContent {
    let name = head.dropFirst(30).prefix(head.count > 27 ? Int(head[26]) | Int(head[27]) << 8 : 0)
    func has(_ word: String) -> Bool { name.starts(with: Array(word.utf8)) }
    if has("[Content_Types].xml") || has("xl/") || has("_rels/") || has("docProps/") {
      return .foreign("an Excel workbook (.xlsx); save it as CSV UTF-8")
    }
    if has("mimetype") { return .foreign("a spreadsheet or document (.ods); save it as .csv") }
    if name.suffix(9).elementsEqual(Array("/data.pkl".utf8)) {
      return .foreign("a PyTorch file; save the array with numpy.save")
    }
    return .zip
  }

  private static func isPrintable(_ byte: UInt8) -> Bool { (32..<127).contains(byte) }

  /// Whether a byte stands in no text.
  static func isControl(_ byte: UInt8) -> Bool { byte < 9 || (14..<32).contains(byte) && byte != 26 }

  private static func begins(_ head: [UInt8], with word: String) -> Bool {
    let blanks: Set<UInt8> = [9, 10, 13, 32, 0xEF, 0xBB, 0xBF]
    return lowercased(String(decoding: head.prefix(200).drop { blanks.contains($0) }, as: UTF8.self)).hasPrefix(word)
  }

  /// Beginnings of texts in small letters.
  private static let texts: [(start: String, text: String)] = [
    ("version https://git-lfs", "a Git LFS pointer and not the data; 'git lfs pull' fetches them"),
    ("/annex/objects/", "a git-annex pointer and not the data; 'git annex get' fetches them"),
    ("../.git/annex/", "a git-annex pointer and not the data; 'git annex get' fetches them"),
    ("<!doctype html", "a web page, perhaps a message in the place of a download; fetch the file anew"),
    ("<html", "a web page, perhaps a message in the place of a download; fetch the file anew"),
    ("<?xml", "an XML file; save the table as .csv"),
  ]

  private static let known: [(start: [UInt8], text: String)] =
    [
      ([0x1F, 0x8B], "gzip-compressed; let its name end in .gz, or decompress it (gunzip)"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz-compressed; decompress it (unxz), or compress it with gzip"),
      ([0x28, 0xB5, 0x2F, 0xFD], "zstd-compressed; decompress it (unzstd), or compress it with gzip"),
      (Array("BZh91AY&SY".utf8), "bzip2-compressed; decompress it (bunzip2), or compress it with gzip"),
      ([0x04, 0x22, 0x4D, 0x18], "lz4-compressed; decompress it (unlz4), or compress it with gzip"),
      ([0x1F, 0x9D], "compressed with compress (.Z); decompress it (uncompress), or compress it with gzip"),
      ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive; unpack it"),
      (Array("Rar!".utf8), "a RAR archive; unpack it"),
      ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook (.xls); save it as CSV UTF-8"),
      (Array("PAR1".utf8), "a Parquet file; save it as .csv or .npy (pandas.read_parquet, DataFrame.to_csv)"),
      (
        Array("ARROW1".utf8),
        "an Arrow or Feather file; save it as .csv or .npy (pandas.read_feather, DataFrame.to_csv)"
      ),
      (Array("FEA1".utf8), "a Feather file; save it as .csv or .npy (pandas.read_feather, DataFrame.to_csv)"),
      (Array("ORC".utf8), "an ORC file; save it as .csv or .npy"),
      ([0x4F, 0x62, 0x6A, 1], "an Avro file; save it as .csv or .npy"),
      (Array("RDX2\nX\n".utf8), "an R data file (.RData); save the table with write.csv"),
      (Array("RDX3\nX\n".utf8), "an R data file (.RData); save the table with write.csv"),
      ([0x58, 0x0A, 0, 0, 0], "an R data file (.rds); save the table with write.csv"),
      ([0x41, 0x0A, 0x32, 0x0A], "an R data file (.rds); save the table with write.csv"),
      ([0x41, 0x0A, 0x33, 0x0A], "an R data file (.rds); save the table with write.csv"),
      (
        Array("MATLAB 5.0 MAT-file".utf8),
        "a MATLAB file; save it with -v7.3 and name it .h5, or with writematrix as .csv"
      ),
      (Array("SQLite format 3".utf8), "an SQLite database; export the table as .csv"),
      (Array("$FL2".utf8), "an SPSS file (.sav); save it as .csv"),
      (Array("$FL3".utf8), "an SPSS file; save it as .csv"),
      (Array("<stata_dta>".utf8), "a Stata file (.dta); save it as .csv"),
      (Array("SIMPLE  =".utf8), "a FITS file; save its array as .npy"),
      (Array("CDF\u{1}".utf8), "a NetCDF-3 file; convert it to NetCDF-4 and name it .h5 (nccopy -k nc4)"),
      (Array("CDF\u{2}".utf8), "a NetCDF-3 file; convert it to NetCDF-4 and name it .h5 (nccopy -k nc4)"),
      (Array("CDF\u{5}".utf8), "a NetCDF-3 file; convert it to NetCDF-4 and name it .h5 (nccopy -k nc4)"),
      (Array("%PDF".utf8), "a PDF document; save the table as .csv"),
      ([0x89, 0x50, 0x4E, 0x47], "a PNG image; save its pixels as .npy"),
      ([0xFF, 0xD8, 0xFF], "a JPEG image; save its pixels as .npy"),
    ]
    + (2...5).map { ([0x80, UInt8($0)], "a Python pickle; save the array with numpy.save") }
}
