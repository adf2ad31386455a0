import ArgumentParser

/// `--yes`: what destroys something only says what it would do until it is given.
struct ConsentArguments: ParsableArguments {
  @Flag(help: "Do it; without this the command only says what it would do.") var yes = false

  /// Runs `work` when the user has agreed, and says either way what is or would be done.
  ///
  /// - Parameters:
  ///   - plan: what would be done, as in "delete version 3 of market/SPY".
  ///   - done: what was done, as in "deleted version 3 of market/SPY".
  func perform(_ plan: String, done: String, _ work: () async throws -> Void) async throws {
    guard yes else {
      Messages.write("would \(plan); --yes does it")
      return
    }
    try await work()
    Messages.write(done)
  }
}
