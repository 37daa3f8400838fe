/// The mean Euclidean distances from each row of a matrix to all rows of another, (rows of `a`), in float64; and, where
/// `directions` is given, (rows of `a`, columns), the mean unit vectors that point from those rows to it.
public func meanDistances(from a: Matrix, to b: Matrix, directions: UnsafeMutablePointer<Double>? = nil) -> [Double] {
  ensure(a.columns == b.columns && b.rows > 0, "rows of one dimension")
  let columns = a.columns
  return (0..<a.rows).map { i in
    let point = a.row(i), mean = directions.map { $0 + i * columns }
    mean?.update(repeating: 0, count: columns)
    var sum = 0.0
    for j in 0..<b.rows {
      let other = b.row(j)
      var square = 0.0
      for k in 0..<columns {
        let difference = Double(point[k]) - Double(other[k])
        square += difference * difference
      }
      let distance = square.squareRoot()
      sum += distance
      guard let mean, distance > 0 else { continue }
      for k in 0..<columns { mean[k] += (Double(point[k]) - Double(other[k])) / distance }
    }
    if let mean { for k in 0..<columns { mean[k] /= Double(b.rows) } }
    return sum / Double(b.rows)
  }
}
