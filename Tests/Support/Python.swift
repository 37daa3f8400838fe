import Foundation

/// What a Python script prints; nil, with a word of it, where there is no Python with h5py.
package func python(_ script: String, _ arguments: String...) throws -> String? {
  func run(_ arguments: [String]) throws -> (code: Int32, text: String) {
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
  guard try run(["-c", "import h5py, numpy"]).code == 0 else {
    print("skipped: python3 has no h5py")
    return nil
  }
  return try run(["-c", script] + arguments).text
}
