// swift-tools-version: 6.2
import PackageDescription

// Each target is a wall with a reason: a C library, code without I/O, the storage contract, the network,
// the protocol kernel, a consumer. `docs/architecture.md` draws the graph.

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name), "TestSupport"] + dependencies,
    swiftSettings: swiftSettings)
}

let package = Package(
  name: "sterna",
  products: [
    .library(name: "Sterna", targets: ["Sterna"]),
    .executable(name: "sterna", targets: ["SternaCLI"]),
    .library(name: "SternaC", type: .static, targets: ["SternaC"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),
    .systemLibrary(
      name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(name: "CArrow"),
    .systemLibrary(name: "CFiles"),
    .systemLibrary(name: "CSterna"),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),

    // Loops that are compiled for several instruction sets; C has that, Swift has not.
    .target(name: "CKernels"),
    library("SternaBase", ["CCrypto", "CKernels"]),
    library("Columnar", ["SternaBase", "CZstd", "CArrow", "CKernels"]),
    library("TextFormats", ["SternaBase", "Columnar", "CZlib"]),
    library("ObjectStore", ["SternaBase", "CFiles"]),
    library("S3", ["SternaBase", "ObjectStore", "CCurl", "CCrypto"]),
    library("VersionStore", ["SternaBase", "ObjectStore", "Columnar"]),
    library(
      "Sterna",
      [
        "SternaBase", "Columnar", "ObjectStore", "S3", "VersionStore",
        .product(name: "Logging", package: "swift-log"),
      ]),
    library(
      "SternaC",
      [
        "Sterna", "Columnar", "SternaBase", "CArrow", "CSterna",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "SternaCExample", dependencies: ["SternaC"], path: "Samples/c",
      cSettings: [
        .headerSearchPath("../../Sources/CArrow"), .headerSearchPath("../../Sources/CSterna"),
        // The example is a whole program; its test calls it as a function.
        .define("main", to: "sterna_example_main"),
      ]),
    .executableTarget(
      name: "SternaCLI",
      dependencies: [
        "Sterna", "TextFormats", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),

    // Measures; not part of the product.
    .executableTarget(
      name: "SternaBench", dependencies: ["SternaBase", "Columnar", "TextFormats", "TestSupport"],
      swiftSettings: swiftSettings),

    library("TestSupport", ["SternaBase", "Columnar", "ObjectStore"]),
    library("ProtocolModel", ["SternaBase", "ObjectStore", "Columnar", "VersionStore"]),
    library(
      "LibrarySoak", ["SternaBase", "Columnar", "ObjectStore", "VersionStore", "Sterna", "TestSupport"]),
    .executableTarget(
      name: "Soak",
      dependencies: [
        "ProtocolModel", "LibrarySoak", "SternaBase", "Columnar", "ObjectStore", "S3", "Sterna",
        "TestSupport", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: swiftSettings),
    tests(of: "SternaBase"),
    tests(of: "Columnar", ["SternaBase", "CArrow", "CKernels"]),
    tests(of: "TextFormats", ["Columnar"]),
    tests(of: "ObjectStore"),
    tests(of: "S3", ["ObjectStore"]),
    tests(of: "VersionStore", ["ObjectStore", "Columnar"]),
    tests(of: "ProtocolModel"),
    tests(of: "LibrarySoak"),
    tests(of: "Sterna", ["ObjectStore", "VersionStore", "Columnar"]),
    tests(
      of: "SternaC",
      [
        "SternaCExample", "Columnar", "SternaBase", "CArrow", "CSterna",
        .product(name: "Logging", package: "swift-log"),
      ]),
    tests(
      of: "SternaCLI",
      [
        "Sterna", "TextFormats", "Columnar", "VersionStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ]
)

// libFuzzer's driver is linked by `scripts/fuzz` alone.
if Context.environment["STERNA_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "SegmentFuzz", dependencies: ["SternaBase", "Columnar"], path: "Fuzz/SegmentFuzz",
      swiftSettings: swiftSettings))
}
