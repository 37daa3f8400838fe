import Parameters

/// Why new samples cannot be made.
enum GenerationError: InputError {
  /// The path of the run is not there, or no folder.
  case noRunFolder(String)
  /// The run has several flows, and none, or none of them, is named.
  case flowNeeded(folder: String, label: String?, names: [String])
  /// The run's network has an output for each class, and none, or none of them, is named.
  case classNeeded(folder: String, label: String?, names: [String])
  /// Nothing says how many rows are drawn.
  case noCount
  /// The run's source is a file, of which there are no new rows.
  case sourceNeeded(file: String)
  /// A file has fewer rows than are asked for.
  case tooFewRows(file: String, rows: Int, wanted: Int)
  /// Rows of a file have another number of columns than the run's.
  case dimensions(file: String, found: Int, needed: Int)
  /// The run's own source is no longer what it was.
  case sourceChanged(found: Int, needed: Int)
  /// There are not so many steps.
  case tooManySteps(wanted: Int, recorded: Int)
  /// The ending of the output's name is that of no format.
  case unknownEnding(String)
  /// The name of a picture does not end in .png.
  case noPNG(String)
  /// The rows of the run are no images.
  case noImages(folder: String)
  /// The output would take the place of a file of the run.
  case runFile(String)
  /// The output is there already.
  case outputExists(String)
  /// The folder of the output is not there, or not writable.
  case noPlace(folder: String, reason: String)
  /// What an earlier command left half made is of other arguments, or cannot be read.
  case otherPart(path: String, differences: [String])

  var description: String {
    switch self {
    case .noRunFolder(let path): "'\(path)' is no folder of a run"
    case .flowNeeded(let folder, let label, let names):
      (label.map { "'\(folder)' has no flow '\(oneLine($0, limit: 60))'" }
        ?? "'\(folder)' holds a run of several flows")
        + (names.isEmpty
          ? ": leave --label out"
          : ": choose one with --label, of " + oneLine(names.map { "'\($0)'" }.joined(separator: ", "), limit: 600))
    case .classNeeded(let folder, let label, let names):
      (label.map { "'\(folder)' has no class '\(oneLine($0, limit: 60))'" }
        ?? "'\(folder)' moves each class its own way")
        + ": choose one with --label, of " + oneLine(names.map { "'\($0)'" }.joined(separator: ", "), limit: 600)
    case .noCount: "generate needs the number of new rows: --count N"
    case .sourceNeeded(let file):
      "the source of this run is the file '\(file)', of which there are no new draws: give the rows with --source FILE, or "
        + "--replay for the run's own"
    case .tooFewRows(let file, let rows, let wanted):
      "'\(file)' has \(rows) rows, fewer than --count \(wanted); lower it, or leave it out for all"
    case .dimensions(let file, let found, let needed):
      "'\(file)' has \(found) columns and the particles of the run have \(needed) coordinates; give a file with the columns "
        + "of the run's source"
    case .sourceChanged(let found, let needed):
      "the source of the run has \(found) rows now and had \(needed): --replay needs the file as it was"
    case .tooManySteps(let wanted, let recorded): "--until \(wanted): the recorded flow has \(recorded) steps"
    case .unknownEnding(let path): "'\(path)': the ending chooses the format of --output: .npy, .csv or .h5"
    case .noPNG(let path): "'\(path)': --images makes a picture, whose name ends in .png"
    case .noImages(let folder):
      "--images draws rows that are images, and the deck of '\(folder)' has no discriminator.image"
    case .runFile(let path): "'\(path)' is a file of the run; choose another name with --output"
    case .outputExists(let path):
      "'\(path)' is there already; --overwrite replaces it, --output chooses another name"
    case .noPlace(let folder, let reason):
      "cannot write into the folder '\(folder)' (\(reason)); choose another with --output"
    case .otherPart(let path, let differences):
      "'\(path)' was begun "
        + (differences.isEmpty ? "by another program" : "with another \(differences.joined(separator: ", "))")
        + ": give the same command again to continue it, --overwrite to begin anew, or choose another name with --output"
    }
  }
}
