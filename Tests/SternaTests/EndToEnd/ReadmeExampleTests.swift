import Sterna
import TestSupport
import Testing

/// The example of the README, with nothing imported but what it imports.
@Suite struct ReadmeExampleTests {
  @Test func theExampleDoesWhatItsCommentsSay() async throws {
    let folder = try TemporaryFolder()
    let frame = try DataFrame(
      [
        ("time", .timestamps([1, 2, 2], unit: .second, zone: "America/New_York")),
        ("price", .float64s([168.25, nil, 168.5])), ("venue", .strings(["P", "Q", nil])),
      ], index: "time")
    let store = try await Store.open("\(folder.path)/store", options: .init(endpoint: "http://localhost:9000"))
    let library = try await store.library("ticks", create: true)
    #expect(try await library.write("SPY", frame, metadata: ["source": "sip"]).version == 0)
    #expect(try await library.append("SPY", frame.slice(2..<3)).version == 1)
    let result = try await library.read(
      "SPY", time: "1970-01-01T00:00:02"..."1970-01-01T00:00:03", columns: ["price"], asOf: .version(0))
    #expect(result.frame.rowCount == 2)
    #expect(result.frame["price"]?.value(at: 0) == .null)
    #expect(result.frame["price"]?.value(at: 1) == .float64(168.5))
    var rowCount = 0
    for try await piece in try await library.scan("SPY") { rowCount += piece.rowCount }
    #expect(rowCount == 4)
  }
}
