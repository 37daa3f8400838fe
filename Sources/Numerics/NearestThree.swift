/// The squared distances from a point to the three nearest rows of a matrix, less the row `except`, in their order; infinite
/// where there are no such rows. float32 differences, summed in one fixed order.
public func nearestThree(to point: UnsafePointer<Float>, among rows: Matrix, except: Int? = nil) -> (
  Float, Float, Float
) {
  let columns = rows.columns, whole = columns / Vector.lanes * Vector.lanes
  var (first, second, third) = (Float.infinity, Float.infinity, Float.infinity)
  for row in 0..<rows.rows where row != except {
    let other = rows.row(row)
    var sums = Vector.zero
    for k in stride(from: 0, to: whole, by: Vector.lanes) {
      let difference = Vector(point + k) - Vector(other + k)
      sums = difference.times(difference, plus: sums)
    }
    var square = sums.total
    for k in whole..<columns { square += (point[k] - other[k]) * (point[k] - other[k]) }
    guard square < third else { continue }
    if square < first {
      (first, second, third) = (square, first, second)
    } else if square < second {
      (second, third) = (square, second)
    } else {
      third = square
    }
  }
  return (first, second, third)
}
