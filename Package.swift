// swift-tools-version: 6.2
import PackageDescription

// The drawing of the house: modules in layers. A module may depend on modules of smaller layers only; the check at the end
// of this file refuses anything else, and `make build` refuses an import that is not declared here.

/// Code with vector arithmetic is compiled in release for the processor that builds it, or for GPA_PROCESSOR (x86-64-v3, ...);
/// debug builds have only instructions that valgrind knows.
let processor = "-march=" + (Context.environment["GPA_PROCESSOR"] ?? "native")
let native: [SwiftSetting] = [.unsafeFlags(["-Xcc", processor], .when(configuration: .release))]
/// Hot loops, in release, go without overflow and bounds checks as well. A precondition is not checked there: what foreign
/// bytes or another module may get wrong is checked elsewhere.
let unchecked = native + [.unsafeFlags(["-Ounchecked"], .when(configuration: .release))]

/// A module of the product with what it depends on: C libraries, and modules of smaller layers.
struct Module {
  let name: String, layer: Int, dependencies: [String], settings: [SwiftSetting]

  init(_ layer: Int, _ name: String, _ dependencies: [String] = [], settings: [SwiftSetting] = []) {
    self.name = name
    self.layer = layer
    self.dependencies = dependencies
    self.settings = settings
  }
}

/// The name by which pkg-config knows a library: Debian's, or that of a variable where modules call it otherwise.
func name(_ variable: String, _ usual: String) -> String { Context.environment[variable] ?? usual }

/// The commit that is built, with a plus where files differ from it.
let commit = Context.gitInformation.map { $0.currentCommit.prefix(12) + ($0.hasUncommittedChanges ? "+" : "") } ?? ""

let libraries: [Target] = [
  .systemLibrary(name: "CMPI", path: "Sources/CLibraries/CMPI", pkgConfig: name("GPA_MPI_LIBRARY", "ompi-c")),
  .systemLibrary(
    name: "COpenBLAS", path: "Sources/CLibraries/COpenBLAS", pkgConfig: name("GPA_BLAS_LIBRARY", "openblas")),
  .systemLibrary(name: "CRandom123", path: "Sources/CLibraries/CRandom123"),
  .systemLibrary(name: "CHDF5", path: "Sources/CLibraries/CHDF5", pkgConfig: name("GPA_HDF5_LIBRARY", "hdf5-openmpi")),
  .systemLibrary(name: "CYAML", path: "Sources/CLibraries/CYAML", pkgConfig: "yaml-0.1"),
  .systemLibrary(name: "CVector", path: "Sources/CLibraries/CVector"),
  // No library: what a program does before its libraries begin.
  .target(name: "CStart", dependencies: ["CProcessor"], path: "Sources/CLibraries/CStart"),
  // Data alone: what was built, and for which processor.
  .target(
    name: "CProcessor", path: "Sources/CLibraries/CProcessor",
    cSettings: [
      .define("GPA_COMMIT", to: "\"\(commit)\""), .unsafeFlags([processor], .when(configuration: .release)),
    ]),
  .systemLibrary(name: "CPNG", path: "Sources/CLibraries/CPNG", pkgConfig: "libpng"),
  .systemLibrary(name: "CZip", path: "Sources/CLibraries/CZip", pkgConfig: "libzip"),
]

let modules = [
  Module(0, "Parameters"),

  Module(1, "MessagePassing", ["CMPI", "CVector", "Parameters"], settings: native),
  Module(1, "Numerics", ["COpenBLAS", "CRandom123", "CVector"], settings: unchecked),
  Module(1, "YAML", ["CYAML", "Parameters"]),
  Module(1, "HDF5", ["CHDF5", "Parameters"]),
  Module(1, "Pictures", ["CPNG"]),

  Module(2, "Divergence", ["Numerics", "Parameters"], settings: native),
  Module(2, "Samples", ["CZip", "HDF5", "MessagePassing", "Numerics", "Parameters"], settings: native),
  Module(2, "Transport", ["Numerics", "Parameters"], settings: native),
  Module(2, "Storage", ["HDF5", "MessagePassing", "Numerics", "Parameters"]),

  Module(
    3, "Discriminator", ["Divergence", "MessagePassing", "Numerics", "Parameters", "Samples"], settings: unchecked),
  Module(3, "Transforms", ["MessagePassing", "Numerics", "Parameters", "Samples"], settings: native),

  Module(
    4, "Flows", ["Discriminator", "Divergence", "MessagePassing", "Numerics", "Parameters", "Storage", "Transport"]),
  Module(
    4, "Evaluation",
    ["Discriminator", "Divergence", "MessagePassing", "Numerics", "Parameters", "Samples"], settings: native),
  Module(
    5, "Runs",
    [
      "CProcessor", "Discriminator", "Divergence", "Evaluation", "Flows", "HDF5", "MessagePassing", "Numerics",
      "Parameters",
      "Pictures",
      "Samples", "Storage", "Transforms", "Transport", "YAML",
    ]),
  Module(6, "Report", ["Numerics", "Parameters", "Pictures", "Runs", "Samples", "Storage", "YAML"]),
]

let programs = [
  Module(
    7, "gpa-mpi",
    ["CStart", "Discriminator", "Evaluation", "MessagePassing", "Parameters", "Report", "Runs", "Samples", "Storage"]),
  Module(7, "gpa-bench", ["CStart", "Discriminator", "Flows", "MessagePassing", "Numerics", "Runs", "Storage"]),
]

// Tests: what they share, one folder per module, and whole jobs under mpirun.
let tests: [Target] = [
  .target(name: "Support", dependencies: ["CZip"], path: "Tests/Support"),
  .executableTarget(
    name: "gpa-ranks",
    dependencies: ["Evaluation", "MessagePassing", "Numerics", "Parameters", "Samples", "Transforms", "YAML"],
    path: "Tests/Ranks"),
  .executableTarget(
    name: "gpa-fuzz",
    dependencies: ["HDF5", "MessagePassing", "Numerics", "Parameters", "Runs", "Samples", "Storage", "Support"],
    path: "Tests/Fuzz"),
  .testTarget(
    name: "MessagePassingTests", dependencies: ["gpa-ranks", "MessagePassing", "Support"],
    path: "Tests/MessagePassingTests"),
  .testTarget(name: "NumericsTests", dependencies: ["Numerics"], path: "Tests/NumericsTests"),
  .testTarget(name: "HDF5Tests", dependencies: ["HDF5", "Parameters", "Support"], path: "Tests/HDF5Tests"),
  .testTarget(name: "DivergenceTests", dependencies: ["Divergence"], path: "Tests/DivergenceTests"),
  .testTarget(
    name: "SamplesTests",
    dependencies: ["CZip", "HDF5", "MessagePassing", "Numerics", "Parameters", "Samples", "Support", "YAML"],
    path: "Tests/SamplesTests"),
  .testTarget(
    name: "TransformsTests",
    dependencies: ["MessagePassing", "Numerics", "Parameters", "Samples", "Support", "Transforms", "YAML"],
    path: "Tests/TransformsTests"),
  .testTarget(name: "TransportTests", dependencies: ["Numerics", "Transport"], path: "Tests/TransportTests"),
  .testTarget(
    name: "FlowsTests", dependencies: ["Flows", "MessagePassing", "Numerics", "Transport"], path: "Tests/FlowsTests"),
  .testTarget(
    name: "StorageTests", dependencies: ["HDF5", "MessagePassing", "Numerics", "Parameters", "Storage", "Support"],
    path: "Tests/StorageTests"),
  .testTarget(
    name: "DiscriminatorTests", dependencies: ["Discriminator", "Divergence", "MessagePassing", "Numerics"],
    path: "Tests/DiscriminatorTests"),
  .testTarget(name: "ParametersTests", dependencies: ["Parameters", "YAML"], path: "Tests/ParametersTests"),
  .testTarget(
    name: "RunsTests",
    dependencies: [
      "Discriminator", "Divergence", "Flows", "MessagePassing", "Numerics", "Parameters", "Runs", "Samples", "Storage",
      "Transport", "YAML",
    ],
    path: "Tests/RunsTests"),
  .testTarget(
    name: "EvaluationTests", dependencies: ["gpa-ranks", "Evaluation", "MessagePassing", "Numerics", "Support"],
    path: "Tests/EvaluationTests", exclude: ["reference.py"]),
  .testTarget(name: "PicturesTests", dependencies: ["Pictures"], path: "Tests/PicturesTests"),
  .testTarget(name: "YAMLTests", dependencies: ["Parameters", "YAML"], path: "Tests/YAMLTests"),
  .testTarget(name: "SystemTests", dependencies: ["gpa-mpi", "HDF5", "Storage", "Support"], path: "Tests/SystemTests"),
  .testTarget(name: "FuzzTests", dependencies: ["gpa-fuzz", "Support"], path: "Tests/FuzzTests"),
  .testTarget(name: "SupportTests", dependencies: ["Support"], path: "Tests/SupportTests"),
]

func targets(of modules: [Module], _ make: (Module, [Target.Dependency]) -> Target) -> [Target] {
  modules.map { make($0, $0.dependencies.map { Target.Dependency(stringLiteral: $0) }) }
}

let package = Package(
  name: "gpa-mpi",
  products: [
    .executable(name: "gpa-mpi", targets: ["gpa-mpi"]), .executable(name: "gpa-bench", targets: ["gpa-bench"]),
  ],
  targets: libraries
    + targets(of: modules) { .target(name: $0.name, dependencies: $1, swiftSettings: $0.settings) }
    + targets(of: programs) { .executableTarget(name: $0.name, dependencies: $1, swiftSettings: $0.settings) } + tests,
  swiftLanguageModes: [.v6]
)

let layers = Dictionary(uniqueKeysWithValues: (modules + programs).map { ($0.name, $0.layer) })
for module in modules + programs {
  for dependency in module.dependencies where !libraries.contains(where: { $0.name == dependency }) {
    guard let layer = layers[dependency] else {
      fatalError("\(module.name) depends on \(dependency), which is no module")
    }
    guard layer < module.layer else {
      fatalError(
        "\(module.name) (layer \(module.layer)) depends on \(dependency) (layer \(layer)): upwards or sideways")
    }
  }
}
