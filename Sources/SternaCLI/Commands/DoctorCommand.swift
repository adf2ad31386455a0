import ArgumentParser
import Sterna

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check that a store can be reached, and can be relied on.",
    usage: "sterna doctor [STORE] [options]",
    discussion: """
      Examples:
        sterna doctor s3://bucket/prefix
        sterna doctor ./store --format json

      Checks credentials, access, clock, round trips and, by racing real requests, conditional writes. \
      Writes a few small objects under the prefixes ~doctor/ and ~proof/ of the store, and removes them. \
      The exit code is that of the first check that failed.
      """)

  @OptionGroup var place: StoreArguments
  @OptionGroup var output: FormatArguments

  func run() async throws {
    let store = try await place.open()
    let checks = try await Examination(
      store: store, allowsSingleWriter: place.connection.allowsSingleWriter, environment: .live
    ).run()
    try await print(checks)
    if let failure = checks.first(where: { $0.status == .fail }) { throw failure.exitStatus }
  }

  private func print(_ checks: [Check]) async throws {
    guard output.format == .table else {
      return try await FrameOutput(format: output.format).print(try Check.frame(checks))
    }
    let isColored = Terminal.standardOutput.isColored
    try await StandardOutput.write(checks.map { $0.lines(isColored: isColored) }.joined())
  }
}
