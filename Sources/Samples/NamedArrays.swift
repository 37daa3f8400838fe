/// Arrays of an `.npz` archive by name, for what is not a sample set: initial weights.
package enum NamedArrays {
  /// One array, row-major; a vector of n numbers is read as (n, 1). Throws a ``SampleError``, also where a number is not
  /// finite. Not collective.
  package static func read(_ name: String, from archive: String) throws -> (rows: Int, columns: Int, values: [Float]) {
    let table = try NumPyArchive.read(archive, array: name)
    try table.checkFinite(rows: nil)
    return (table.rows, table.columns, Array(UnsafeBufferPointer(start: table.elements, count: table.count)))
  }
}
