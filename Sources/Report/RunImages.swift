import Pictures
import Runs

/// The pictures of a run whose rows are images: those at the end, and for each the nearest target.
struct RunImages {
  private let run: RunContents
  private static let columns = 10, most = 50

  init(_ run: RunContents) { self.run = run }

  /// PNGs with what they show; none where rows are no images.
  func pictures() throws -> [(caption: String, png: [UInt8])] {
    guard let image = run.deck.discriminator.image else { return [] }
    let space = try run.reader.has("decoded/particles") ? "decoded/" : ""
    let set = try run.reader.has("generated") ? "generated" : "particles"
    let rows = try matrix(space + set), size = image.reduce(1, *)
    guard rows.allSatisfy({ $0.count == size }) else { return [] }
    let order = try order(of: rows.count, labels: run.reader.texts(of: "labels/" + set))
    let chosen = order.map { rows[$0] }
    // In the space of the flow, where both are.
    let targets = try matrix("target"), moved = try matrix(set)
    let back = try run.reader.has("decoded/particles") ? factor(rows, moved) : 1
    let nearest = order.map { place -> [Double] in
      let distances = targets.map { target in zip(target, moved[place]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let index = distances.indices.min { distances[$0] < distances[$1] } ?? 0
      return targets[index].map { $0 * back }
    }
    let all = chosen.joined(), low = all.min() ?? 0, high = max(all.max() ?? 1, low + 1e-9)
    let grid = ImageGrid(image: image, columns: Self.columns, range: low...high)
    let what = set == "generated" ? "carried along by the field, new to it" : "particles at the end"
    return [
      (what, try grid.draw(chosen, enlarged: 2).png()),
      ("for each of them the nearest image of the target", try grid.draw(nearest, enlarged: 2).png()),
    ]
  }

  /// A scale is the only transform of images that a grid can undo.
  private func factor(_ decoded: [[Double]], _ moved: [[Double]]) -> Double {
    for (row, other) in zip(decoded, moved) {
      for (a, b) in zip(row, other) where abs(b) > 0.5 { return a / b }
    }
    return 1
  }

  private func matrix(_ dataset: String) throws -> [[Double]] {
    let count = try run.reader.rows(in: dataset), all = try run.reader.rows(of: dataset)
    let width = count > 0 ? all.count / count : 0
    return (0..<count).map { Array(all[$0 * width..<($0 + 1) * width]) }
  }

  /// The first rows of each class in turn, a column of the grid a class where there are as many as columns.
  private func order(of count: Int, labels: [String]?) throws -> [Int] {
    guard let labels, labels.count == count else { return Array(0..<min(count, Self.most)) }
    let words = Set(labels).sorted { (Double($0) ?? 0, $0) < (Double($1) ?? 0, $1) }
    let places = words.map { word in labels.indices.filter { labels[$0] == word } }
    var order: [Int] = []
    for turn in 0..<count {
      for own in places where turn < own.count && order.count < Self.most { order.append(own[turn]) }
      if order.count >= Self.most { break }
    }
    return order
  }
}
