import Numerics

extension SampleSource {
  /// All rows in this process's own memory, the same as a run sees, without MPI: for a look at the samples.
  ///
  /// Paths that are not absolute start in `folder`. Nil where a sampler would draw more than `most` numbers. Throws a
  /// ``SampleError`` or an error of the HDF5 library.
  package func rows(role: Role, seed: UInt64, folder: String, most: Int) throws -> Matrix? {
    let rows: Int, columns: Int, fill: (Matrix) throws -> Void
    switch origin {
    case .sampler(let sampler, let count):
      rows = count
      columns = sampler.dimension
      fill = { matrix in
        let numbers = RandomNumbers(seed: seed, purpose: role.drawing)
        for row in 0..<count {
          var stream = numbers.stream(row)
          sampler.draw(into: matrix.row(row), stream: &stream)
          for column in 0..<columns where !matrix[row, column].isFinite {
            throw SampleError.samplerOverflow(sampler: type(of: sampler).name, row: row + 1)
          }
        }
      }
    case .file(let file):
      let table = try file.read(folder: folder, selection: RandomNumbers(seed: seed, purpose: role.selection))
      rows = table.rows
      columns = table.columns
      if let embed, embed.dimension < columns {
        throw SampleError.embedding(file: table.file, columns: columns, dimension: embed.dimension)
      }
      fill = { matrix in
        for row in 0..<rows { matrix.row(row).update(from: table.elements + row * columns, count: columns) }
      }
    }
    let dimension = max(embed?.dimension ?? 0, columns)
    guard rows <= most / dimension else { return nil }
    let matrix = Matrix(rows: rows, columns: dimension)
    let offset = Float(embed?.offset ?? 0)
    for i in 0..<rows * dimension where i % dimension >= columns { matrix.elements[i] = offset }
    try fill(matrix)
    return matrix
  }
}
