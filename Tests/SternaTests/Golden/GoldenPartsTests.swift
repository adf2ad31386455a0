import Foundation
import Sterna
import TestSupport
import Testing
import VersionStore

/// A store with slices that are parts of segments must read bit for bit, for ever.
///
/// `Tests/Golden/format-1-parts` was written by `scripts/golden format-1-parts`.
@Suite struct GoldenPartsTests {
  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden/format-1-parts").path()

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: Self.golden, toPath: "\(folder.path)/store")
  }

  @Test func everyVersionReadsBitForBit() async throws {
    let library = try await Store.open("\(folder.path)/store").library("market")
    let versions = GoldenContents.parts
    for (version, rows) in versions.enumerated() {
      let result = try await library.read("parts", asOf: .version(version))
      #expect(try result.frame.hasSameRows(as: GoldenContents.frame(rows)), "version \(version)")
      let slices = try await library.symbols.version("parts", .number(Int64(version))).indexNodes()
        .flatMap(\.slices)
      #expect(slices.contains(where: \.isPart) == (version > 0), "version \(version)")
    }
    #expect(try await library.verify(.data).isClean)
    _ = try await library.collect()
    #expect(try await library.read("parts").frame.rowCount == versions.last?.count)
  }
}
