import MessagePassing
import Numerics
import Pictures
import Storage
import Transport

/// The picture of the first generated rows, of a run of images: a grid, drawn by the root.
struct GeneratedImages {
  private let path: String
  private let grid: ImageGrid
  private var rows: [[Double]] = []

  /// The images of a row of the grid, and all.
  private static let columns = 10, most = 100

  /// A picture at a path; nil where none is asked for. Throws a ``GenerationError`` where the run's rows are no images.
  init?(_ path: String?, of run: RecordedRun) throws {
    guard let path else { return nil }
    guard path.hasSuffix(".png") else { throw GenerationError.noPNG(path) }
    guard let image = run.deck.discriminator.image else { throw GenerationError.noImages(folder: run.folder.path) }
    self.path = path
    let bounds = run.deck.transport.bounds ?? [0, 1]
    grid = ImageGrid(image: image, columns: Self.columns, range: bounds[0]...bounds[1])
  }

  /// Takes the first of the rows that the ranks have made together, of which this one has `own`, unless it has some already.
  /// Collective.
  mutating func take(
    _ matrix: Matrix, own: Range<Int>, of all: Range<Int>, in scale: CommonScale, on communicator: Communicator
  ) throws {
    guard rows.isEmpty else { return }
    let set = ParticleSet(
      name: "images", positions: matrix,
      rows: OwnRows(blocks: Blocks(rows: all.upperBound, height: 1), own: own))
    let first = try set.gathered(Array(all.prefix(Self.most)), on: communicator)
    rows = (0..<first.rows).map { row in (0..<first.columns).map { scale.invert(first[row, $0], $0) } }
  }

  /// Writes the file. Throws what writing throws.
  func write() throws -> String {
    try ByteFile.replace(path, with: try grid.draw(rows, enlarged: 2).png())
    return "\(rows.count) of them in \(path)"
  }
}
