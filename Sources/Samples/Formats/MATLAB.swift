import Glibc
import HDF5

/// MATLAB's files of version 7.3, which are HDF5 files: dimensions are stored in the reverse of the order that MATLAB shows.
enum MATLAB {
  private static let numbers: Set<String> = [
    "double", "single", "logical", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
  ]

  /// Why a dataset of MATLAB is no matrix of numbers, in words; nil where it is one, or none of MATLAB.
  static func refusal(of path: String, in source: HDF5File) -> String? {
    if let kind = try? source.text(attribute: "MATLAB_class", of: path), !numbers.contains(kind) {
      return "is a MATLAB \(kind), not a matrix of numbers; save one (table2array, double)"
    }
    // Its numbers would be its dimensions.
    if let isEmpty: [Int64] = try? source.values(attribute: "MATLAB_empty", of: path), isEmpty != [0] {
      return "is empty in MATLAB"
    }
    return nil
  }

  /// Whether a dataset is of MATLAB's own making: by its class, or the head of the file.
  static func isReversed(_ path: String, of source: HDF5File, shown: String) throws -> Bool {
    guard try source.hasAttribute("MATLAB_class", of: path) || hasHead(source.path) else { return false }
    let shape = try source.shape(of: path)
    guard shape.count > 2 else { return shape.count == 2 }
    throw SampleError.wrongShape(
      file: shown, shape: shape.reversed(),
      reason: "MATLAB's arrays are read with two dimensions: reshape(X, size(X, 1), [])")
  }

  /// Whether a path is in MATLAB's store of parts of other variables.
  static func isInternal(_ path: String) -> Bool { path.hasPrefix("#refs#/") || path.hasPrefix("#subsystem#/") }

  private static func hasHead(_ file: String) -> Bool {
    guard let stream = try? ByteStream.open(file), let head = try? stream.bytes(19, of: "its head") else {
      return false
    }
    return head == Array("MATLAB 7.3 MAT-file".utf8)
  }
}
