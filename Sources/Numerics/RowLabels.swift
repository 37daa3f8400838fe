/// The labels of a set of rows that lie in memory one after the other: for each the number of its class, from 0.
///
/// Precondition of ``at(_:)``: the row is one of them, and the labels outlive the use.
public final class RowLabels {
  /// The labels.
  public let values: [Int32]
  private let memory: UnsafeMutablePointer<Int32>

  /// Labels of rows.
  public init(_ values: [Int32]) {
    self.values = values
    memory = alignedMemory(of: Int32.self, count: values.count)
    memory.update(from: values, count: values.count)
  }

  deinit { memory.deallocate() }

  /// The labels from a row on.
  @inline(__always)
  public func at(_ row: Int) -> UnsafePointer<Int32> { UnsafePointer(memory + row) }
}
