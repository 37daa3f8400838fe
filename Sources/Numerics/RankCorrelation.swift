/// Spearman's rank correlation of two lists of the same length: 1 where they are in the same order, -1 in the reversed one, about
/// 0 where they have nothing to do with each other. Equal numbers share the mean of their ranks. 1 for fewer than two numbers
/// or a list of equal ones.
package func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double {
  ensure(a.count == b.count, "ranks of lists of one length")
  guard a.count > 1 else { return 1 }
  let (x, y) = (ranks(a), ranks(b)), mean = Double(a.count + 1) / 2
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for i in a.indices {
    let (u, v) = (x[i] - mean, y[i] - mean)
    xx += u * u
    yy += v * v
    xy += u * v
  }
  return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 1
}

/// The ranks of numbers, from 1.
private func ranks(_ numbers: [Double]) -> [Double] {
  let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
  var ranks = [Double](repeating: 0, count: numbers.count), first = 0
  while first < order.count {
    var last = first
    while last + 1 < order.count, numbers[order[last + 1]] == numbers[order[first]] { last += 1 }
    for place in first...last { ranks[order[place]] = Double(first + last) / 2 + 1 }
    first = last + 1
  }
  return ranks
}
