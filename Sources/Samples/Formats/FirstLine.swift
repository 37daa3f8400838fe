/// What the first record of a table is, as far as the records behind it tell. A first column of text counts for neither side.
///
/// - Fields all in quotes above a column that has none are names, as R quotes names and no numbers.
/// - Words without a number among them are names; with a missing or a damaged number and no word they are a damaged row.
/// - Words among fewer numbers are names, as are words in front of numbers that ``NumbersAsNames`` takes for some; other words
///   among numbers are a damaged row.
/// - Numbers alone are what ``NumbersAsNames`` says; behind a field without a name, above an index, they are names.
enum FirstLine: Equatable {
  /// Names of the columns; `areNumbers` where numbers are taken for names.
  case names(areNumbers: Bool)
  case row
  /// A row in which this field is no number, or names.
  case broken(column: Int)
  /// A row or names: nothing tells.
  case unclear

  init(_ sketch: TableSketch) {
    let first = sketch.first, hasRows = !sketch.rows.isEmpty
    // Names of rows say nothing of the first line.
    let isNamed = sketch.width > 1 && first.count == sketch.width && sketch.isText(0)
    let rest = (isNamed ? 1 : 0)..<first.count, cells = first[rest]
    func has(_ kind: FieldKind) -> Bool { cells.contains { $0.kind == kind } }
    func place(_ kinds: FieldKind...) -> Int { rest.first { kinds.contains(first[$0].kind) } ?? rest.lowerBound }

    let areQuoted = hasRows && first.count == sketch.width && cells.allSatisfy { $0.isQuoted || $0.kind == .empty }
    if areQuoted, !has(.broken), has(.number) || has(.name),
      rest.contains(where: { column in !sketch.below(column).contains(where: \.isQuoted) })
    {
      self = .names(areNumbers: false)
    } else if has(.name), !has(.number) {
      self = .names(areNumbers: false)
    } else if has(.missing) || has(.broken) {
      self = .broken(column: place(.missing, .broken))
    } else if has(.name) {
      let numbers = rest.filter { first[$0].kind == .number }, front = numbers[0]..<rest.upperBound
      let areMostWords = 2 * numbers.count < cells.count
      let areNames =
        areMostWords || front.count == numbers.count && NumbersAsNames.answer(sketch, columns: front) == .yes
      self = areNames ? .names(areNumbers: areMostWords) : .broken(column: place(.name))
    } else if !has(.number) {
      self = hasRows && rest.lowerBound == 1 ? .unclear : .row
    } else if isNamed {
      self = Self.withRowNames(sketch, rest)
    } else if has(.empty) {
      self = Self.withoutFirstName(sketch) ? .names(areNumbers: true) : .row
    } else {
      switch NumbersAsNames.answer(sketch, columns: rest) {
      case .yes: self = .names(areNumbers: true)
      case .no: self = .row
      case .unclear: self = .unclear
      }
    }
  }

  /// A text in front of numbers, above names of rows: names of columns where the numbers are, or where it is empty; a row where
  /// the text is made like another row's name, of letters and digits in the same order.
  private static func withRowNames(_ sketch: TableSketch, _ rest: Range<Int>) -> FirstLine {
    if sketch.texts[0].isEmpty { return .names(areNumbers: true) }
    let answer = NumbersAsNames.answer(sketch, columns: rest), shape = Self.shape(of: sketch.texts[0])
    if answer == .yes { return .names(areNumbers: true) }
    let isLikeOthers = shape.contains("9") && sketch.firstTexts.contains { Self.shape(of: $0) == shape }
    return answer == .no && isLikeOthers ? .row : .unclear
  }

  /// Nothing in front of numbers, as pandas writes columns that are called by numbers beside an index.
  private static func withoutFirstName(_ sketch: TableSketch) -> Bool {
    guard sketch.first[0].kind == .empty, sketch.first.dropFirst().allSatisfy({ $0.kind == .number }) else {
      return false
    }
    if NumbersAsNames.answer(sketch, columns: 1..<sketch.first.count) == .yes { return true }
    let below = sketch.below(0).map(\.number)
    return below.count > 1 && zip(below, below.dropFirst()).allSatisfy { $1 == $0 + 1 }
  }

  /// A text with each run of letters and of digits as one sign: g1 and g20 are alike, g1 and gene are not.
  private static func shape(of text: String) -> String {
    var shape = ""
    for letter in text {
      let sign: Character = letter.isNumber ? "9" : letter.isLetter ? "a" : letter
      if shape.last != sign { shape.append(sign) }
    }
    return shape
  }
}
