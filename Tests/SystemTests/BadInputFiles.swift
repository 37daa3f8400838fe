import Foundation
import HDF5
import Support

/// A folder with a small deck that runs, and files that are good, damaged or wrong.
enum BadInputFiles {
  private static let deck = """
    source: {file: source.npy}
    target: {file: target.npy}
    discriminator: {hidden: [8]}

    """

  /// A new folder with all of them; `line` is added to the deck from line 4 on.
  static func place(appending line: String = "transport: {steps: 1}") throws -> Workplace {
    let place = try Workplace()
    try place.write(deck: deck + line + "\n")
    let folder = place.folder
    let rows: [[Float]] = (0..<40).map { [Float($0) / 40, Float($0 % 7)] }
    try write(rows: rows, to: folder.file("source.npy"))
    try write(rows: rows.reversed(), to: folder.file("target.npy"))
    let array = NumPyArray(shape: [40, 2], rows.flatMap { $0 })
    try NumPyFile.write(["target": array], to: folder.file("good.npz"))
    let file = try HDF5File(creating: folder.file("good.h5"))
    try file.write(rows.flatMap { $0 }, to: "target", shape: [40, 2])
    try file.close()
    _ = try folder.write("x,y\n1,2\n3,4\n", to: "good.csv")

    try NumPyFile.write(
      ["weight_0": NumPyArray(shape: [2, 7], values: .init(repeating: 0.1, count: 14))], to: folder.file("weights.npz"))
    _ = try folder.write("x,y\n1,2\n3,nan\n", to: "nan.csv")
    _ = try folder.write("x,y\n1,2\n3,two\n", to: "text.csv")
    _ = try folder.write("x,y\n1,2\n0x10,3\n", to: "hexadecimal.csv")
    _ = try folder.write("x,y\n", to: "empty.csv")
    try write(rows: [[1, 2], [3, .nan]], to: folder.file("nan.npy"))
    try write(rows: [[1, 2], [.infinity, 3]], to: folder.file("infinite.npy"))
    try write(rows: [[1, 2, 3], [3, 4, 5]], to: folder.file("three.npy"))
    try write(rows: [], to: folder.file("empty.npy"))

    try cut("target.npy", to: "cut.npy", in: folder, keeping: 0.8)
    try cut("good.npz", to: "cut.npz", in: folder, keeping: 0.8)
    try cut("good.h5", to: "cut.h5", in: folder, keeping: 0.8)
    try Data(gzipped.dropLast(9)).write(to: URL(fileURLWithPath: folder.file("cut.csv.gz")))
    return place
  }

  private static func cut(_ name: String, to other: String, in folder: TemporaryFolder, keeping part: Double) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
    try data.prefix(Int(part * Double(data.count))).write(to: URL(fileURLWithPath: folder.file(other)))
  }

  /// "x,y\n1,2\n3,4\n", compressed by gzip.
  private static let gzipped: [UInt8] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0xd0, 0xa9, 0xe4, 0x32, 0xd4, 0x31,
    0xe2, 0x32, 0xd6, 0x31, 0xe1, 0x02, 0x00, 0x97, 0x44, 0x29, 0x80, 0x0c, 0x00, 0x00, 0x00,
  ]
}
