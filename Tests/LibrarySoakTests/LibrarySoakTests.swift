import LibrarySoak
import Testing

@Suite struct LibrarySoakTests {
  @Test(arguments: [1, 2, 3] as [UInt64]) func whatWasReportedIsWhatHappened(seed: UInt64) async throws {
    let soak = LibrarySoak(seed: seed)
    try await soak.run(rounds: 60)
    #expect(soak.report.committedCount > 30)
    #expect(soak.report.faultCount > 10)
  }
}
