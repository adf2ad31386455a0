import SternaCExample
import Testing

/// `Samples/c/example.c` is compiled with the tests; its `main` has another name there.
@Suite struct ExampleTests {
  @Test func theCExampleWritesReadsAndMeetsAnError() async throws {
    #expect(try await inThread { sterna_example_main(0, nil) } == 0)
  }
}
