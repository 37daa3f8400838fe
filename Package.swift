// swift-tools-version: 6.2
import PackageDescription

// The drawing of the house: targets in layer order. A target depends on layers below its own and never on a
// sibling, so the package manager itself refuses an import that points upwards.

/// Code with hot loops is compiled in release for the processor that builds it; debug builds have only instructions that
/// valgrind knows.
let native: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=native"], .when(configuration: .release))]
/// Numerical code, in release, does without overflow and bounds checks as well.
let kernel = native + [.unsafeFlags(["-Ounchecked"], .when(configuration: .release))]

let package = Package(
  name: "gpa-mpi",
  products: [
    .executable(name: "gpa-mpi", targets: ["gpa-mpi"]),
    .library(
      name: "GPA",
      targets: [
        "Parameters", "MessagePassing", "Numerics", "HDF5", "Divergence", "Samples", "Transport", "RunFile",
        "Discriminator", "Deck", "Evaluation", "Simulation",
      ]),
  ],
  targets: [
    // 0: C libraries, a module map and a header each
    .systemLibrary(name: "CMPI", path: "Sources/CLibraries/CMPI", pkgConfig: "ompi-c"),
    .systemLibrary(name: "COpenBLAS", path: "Sources/CLibraries/COpenBLAS", pkgConfig: "openblas"),
    .systemLibrary(name: "CRandom123", path: "Sources/CLibraries/CRandom123"),
    .systemLibrary(name: "CHDF5", path: "Sources/CLibraries/CHDF5", pkgConfig: "hdf5-openmpi"),
    .systemLibrary(name: "CYAML", path: "Sources/CLibraries/CYAML", pkgConfig: "yaml-0.1"),
    .systemLibrary(name: "CVector", path: "Sources/CLibraries/CVector"),
    .systemLibrary(name: "CZip", path: "Sources/CLibraries/CZip", pkgConfig: "libzip"),

    // 0: what decks and errors have in common, no word of C
    .target(name: "Parameters"),

    // 1
    .target(name: "MessagePassing", dependencies: ["CMPI", "CVector", "Parameters"], swiftSettings: native),
    .target(name: "Numerics", dependencies: ["COpenBLAS", "CRandom123", "CVector"], swiftSettings: kernel),
    .target(name: "HDF5", dependencies: ["CHDF5", "Parameters"]),

    // 2
    .target(name: "Divergence", dependencies: ["Numerics", "Parameters"], swiftSettings: kernel),
    .target(
      name: "Samples", dependencies: ["CZip", "HDF5", "MessagePassing", "Numerics", "Parameters"],
      swiftSettings: kernel),
    .target(name: "Transport", dependencies: ["Numerics", "Parameters"], swiftSettings: kernel),
    .target(name: "RunFile", dependencies: ["HDF5", "MessagePassing", "Numerics", "Parameters"]),

    // 3
    .target(
      name: "Discriminator", dependencies: ["Divergence", "MessagePassing", "Numerics", "Parameters", "Samples"],
      swiftSettings: kernel),

    // 4
    .target(
      name: "Deck", dependencies: ["CYAML", "Discriminator", "Divergence", "Parameters", "Samples", "Transport"]),

    // 5
    .target(
      name: "Simulation",
      dependencies: [
        "Deck", "Discriminator", "Divergence", "HDF5", "MessagePassing", "Numerics", "Parameters", "RunFile", "Samples",
        "Transport",
      ]),

    .target(
      name: "Evaluation",
      dependencies: ["Deck", "Discriminator", "Divergence", "MessagePassing", "Numerics", "Parameters", "Samples"],
      swiftSettings: kernel),

    // 6
    .executableTarget(
      name: "gpa-mpi",
      dependencies: [
        "Deck", "Discriminator", "Divergence", "Evaluation", "MessagePassing", "Parameters", "Samples", "Simulation",
        "Transport",
      ]),

    .executableTarget(name: "gpa-bench", dependencies: ["Deck", "MessagePassing", "Numerics", "Simulation"]),

    .testTarget(
      name: "SamplesTests", dependencies: ["CZip", "HDF5", "MessagePassing", "Numerics", "Samples"],
      path: "Tests/SamplesTests"),
    .testTarget(name: "HDF5Tests", dependencies: ["HDF5", "Parameters", "Support"], path: "Tests/HDF5Tests"),
    .testTarget(
      name: "RunFileTests", dependencies: ["HDF5", "MessagePassing", "Parameters", "RunFile", "Support"],
      path: "Tests/RunFileTests"),
    // Tests: what they share, one folder per module, and whole jobs under mpirun
    .target(name: "Support", dependencies: ["CZip"], path: "Tests/Support"),
    .executableTarget(name: "gpa-ranks", dependencies: ["MessagePassing"], path: "Tests/Ranks"),
    .testTarget(
      name: "MessagePassingTests", dependencies: ["gpa-ranks", "MessagePassing", "Support"],
      path: "Tests/MessagePassingTests"),
    .executableTarget(
      name: "gpa-fuzz",
      dependencies: ["Deck", "HDF5", "MessagePassing", "Parameters", "RunFile", "Samples", "Simulation", "Support"],
      path: "Tests/Fuzz"),
    .testTarget(name: "FuzzTests", dependencies: ["gpa-fuzz", "Support"], path: "Tests/FuzzTests"),
    .testTarget(name: "SupportTests", dependencies: ["Support"], path: "Tests/SupportTests"),
    .testTarget(name: "NumericsTests", dependencies: ["Numerics"], path: "Tests/NumericsTests"),
    .testTarget(name: "DivergenceTests", dependencies: ["Divergence"], path: "Tests/DivergenceTests"),
    .testTarget(name: "TransportTests", dependencies: ["Numerics", "Transport"], path: "Tests/TransportTests"),
    .testTarget(
      name: "DiscriminatorTests", dependencies: ["Discriminator", "Numerics"], path: "Tests/DiscriminatorTests"),
    .testTarget(name: "DeckTests", dependencies: ["Deck", "Discriminator", "Parameters"], path: "Tests/DeckTests"),
    .testTarget(
      name: "SystemTests", dependencies: ["gpa-mpi", "Support", "HDF5"], path: "Tests/SystemTests"),
  ],
  swiftLanguageModes: [.v6]
)
