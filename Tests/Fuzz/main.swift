import Foundation
import MessagePassing
import Parameters
import Samples

// gpa-fuzz READER SEED FIRST COUNT FOLDER: reads the inputs FIRST ..< FIRST + COUNT of a seed. The index of the input at
// hand stands in FOLDER/index, so that whoever started this program knows which one ended it. An input that takes longer
// than 20 seconds ends it by SIGALRM; memory of more than 256 MB is refused, which ends it too.

/// Whether an error is one that tells a user what is wrong with a file.
func isTyped(_ error: any Error) -> Bool {
  guard let agreed = error as? AgreedError else { return error is any InputError }
  return agreed.cause is any InputError
}

func fuzz(_ name: String, seed: UInt64, inputs: Range<Int>, folder: String) throws -> Int {
  let world = try Environment.start().world
  let reader = try Reader(name, folder: folder, world: world)
  for (ending, bytes) in reader.corpus {
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/input" + ending))
    try reader.read(name == "deck" ? folder + "/input" + ending : "input" + ending)
  }
  let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ").first.flatMap {
    Int($0)
  }
  let bytes = rlim_t((pages ?? 0) * 4096 + (256 << 20))
  var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
  setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  let index = open(folder + "/index", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  var refused = 0, findings = 0, crashes = 0
  for i in inputs {
    var chance = Chance(seed: seed, index: i)
    let one = reader.corpus[Int.random(in: 0..<reader.corpus.count, using: &chance)]
    let other = reader.corpus[Int.random(in: 0..<reader.corpus.count, using: &chance)]
    let bytes = one.bytes.mutated(beside: other.bytes, words: reader.words, &chance)
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/input" + one.ending))
    let text = Array("\(i)\n".utf8)
    pwrite(index, text, text.count, 0)
    alarm(20)
    do {
      try reader.read(name == "deck" ? folder + "/input" + one.ending : "input" + one.ending)
      if reader.isExact, bytes != one.bytes { throw Finding("a damaged file is taken for whole") }
    } catch {
      refused += 1
      if "\(error)".contains("the HDF5 library") { crashes += 1 }
      if !isTyped(error) {
        findings += 1
        print("gpa-fuzz \(name) \(seed) \(i) 1: \(error)")
        fflush(nil)
      }
    }
  }
  alarm(0)
  let within = crashes == 0 ? "" : ", \(crashes) of them as they end the HDF5 library in a process of its own"
  print("\(name): seed \(seed), \(inputs.count) inputs, \(refused) refused\(within), \(findings) findings")
  return findings
}

let words = CommandLine.arguments
if words.count > 2, words[1] == SampleProbe.option {
  exit(SampleProbe.run(file: words[2], array: words.count > 3 ? words[3] : nil))
}
SampleProbe.program = "/proc/self/exe"
guard words.count == 6, let seed = UInt64(words[2]), let first = Int(words[3]), let count = Int(words[4]) else {
  print("usage: gpa-fuzz \(Reader.names.joined(separator: "|")) SEED FIRST COUNT FOLDER")
  exit(2)
}

do {
  let findings = try fuzz(words[1], seed: seed, inputs: first..<first + count, folder: words[5])
  // Without the ends of the libraries: a damaged file may have left them in any state.
  fflush(nil)
  _exit(findings == 0 ? 0 : 3)
} catch {
  print("gpa-fuzz: \(error)")
  fflush(nil)
  _exit(4)
}
