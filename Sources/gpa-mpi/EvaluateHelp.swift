import Evaluation

extension EvaluateCommand {
  static var details: String {
    func item(_ text: String) -> String { wrapped(text, margin: "      ", hanging: "        ", width: helpWidth) }
    func paragraph(_ text: String) -> String { "\n" + wrapped(text, margin: "  ", width: helpWidth) }
    return """

        gpa-mpi evaluate new.npy train.csv --held-out test.csv
        gpa-mpi evaluate runs/demo --metrics sliced_w2,nearest_neighbours
        mpirun -n 8 gpa-mpi evaluate new.h5:rows train.csv --json > judged.json

      """
        + paragraph(
          "Without held-out rows nothing tells new rows from remembered ones, except copies: keep some of the data back "
            + "before a run. Columns are matched by name where files have names, else taken by number.")
        + paragraph("The table has a row for every figure, and these columns:")
        + item("A: what is judged, ± a standard error by ten random halves of all sets")
        + item("generated: what a run carried along")
        + item(
          "real rows: the held-out rows in A's place, or one half of B against the other: the best to be hoped for")
        + EvaluateTable.baselines.map { item("\(EvaluateTable.title($0.name)): \($0.meaning)") }.joined()
        + paragraph(
          "Distances are in the data's unit (those that end in _squared or _geomloss in its square), and are taken from the "
            + "held-out rows too. Figures that would take long are left out, with a line that says so, unless --metrics "
            + "asks for them:")
        + sampleMetrics.map { item("\($0.name): \($0.meaning)") }.joined()
        + paragraph(
          "JSON: quantities.NAME has value, standard_error, floor (real rows), generated, copy, mean_shift, gaussian_map, "
            + "each with NAME_standard_error, and remark; null where there is none. judgement is the sentence of the table. "
            + "All but seconds has the same bits on any number of ranks.")
        + paragraph("Exit codes: 0 judged, 2 bad input or usage, 1 anything else.")
  }
}
