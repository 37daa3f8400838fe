import Runs

/// A figure of one pair of axes.
struct Panel {
  /// Points that are drawn alike.
  struct Series {
    enum Style: String {
      case line = "lines lw 1.6"
      case dots = "points pt 7 ps 0.3"
      case steps = "histeps lw 1.6"
    }

    /// Its name in the key; nil: none.
    let name: String?
    let style: Style
    /// Red, green, blue as #rrggbb.
    let colour: String
    /// Points; one that is not finite ends a line.
    let points: [(x: Double, y: Double)]
  }

  let title: String
  let x: String, y: String
  var series: [Series]
  var isLogarithmic = false
  /// The ranges of both axes; nil: as the points need.
  var xRange: ClosedRange<Double>?, yRange: ClosedRange<Double>?
  /// Whether a unit is as long on both axes.
  var isEqual = false

  /// Okabe and Ito's colours, which most people can tell apart, and two more for ten classes.
  static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c564b", "#b2a800", "#7f7f7f",
  ]

  static func colour(_ index: Int) -> String { colours[index % colours.count] }

  /// Draws it as SVG. Throws a ``ReportError``.
  func svg() throws -> [UInt8] { try Gnuplot.draw(script, width: 420, height: isEqual ? 400 : 320) }

  private var script: String {
    func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
    func range(_ range: ClosedRange<Double>?) -> String {
      range.map { "[\($0.lowerBound):\($0.upperBound)]" } ?? "[*:*]"
    }
    var lines = [
      "set title \(quoted(title)) noenhanced", "set xlabel \(quoted(x)) noenhanced offset 0,0.5",
      "set ylabel \(quoted(y)) noenhanced",
      "set grid lc rgb '#dddddd'", "set border 3", "set tics nomirror",
      "set key noenhanced below",
      "set xrange \(range(xRange))", "set yrange \(range(yRange))",
    ]
    if isLogarithmic { lines += ["set logscale y", "set format y '10^{%L}'"] }
    if isEqual { lines.append("set size ratio -1") }
    let drawn = series.map { one in one.points.filter { !isLogarithmic || !($0.y <= 0) } }
    for (index, points) in drawn.enumerated() {
      lines.append("$d\(index) << EOD")
      // A block of data without a point is an error to gnuplot.
      lines += points.isEmpty ? ["NaN NaN"] : points.map { $0.x.isFinite && $0.y.isFinite ? "\($0.x) \($0.y)" : "" }
      lines.append("EOD")
    }
    let parts = series.enumerated().map { index, one in
      "$d\(index) using 1:2 with \(one.style.rawValue) lc rgb '\(one.colour)' "
        + (one.name.map { "title \(quoted($0)) noenhanced" } ?? "notitle")
    }
    return (lines + ["plot " + parts.joined(separator: ", ")]).joined(separator: "\n") + "\n"
  }

  /// The points as CSV: series, x, y.
  var csv: String {
    var text = "series,\(Self.field(x)),\(Self.field(y))\n"
    for (index, one) in series.enumerated() {
      for point in one.points where point.x.isFinite && point.y.isFinite {
        text += "\(Self.field(one.name ?? "\(index + 1)")),\(point.x),\(point.y)\n"
      }
    }
    return text
  }

  private static func field(_ text: String) -> String {
    text.contains { $0 == "," || $0 == "\"" || $0 == "\n" } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
