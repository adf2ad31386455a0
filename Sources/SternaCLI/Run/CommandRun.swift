import ArgumentParser
import Sterna

/// One run of the program, from its arguments to its exit code.
///
/// Everything that can go wrong ends here: an error becomes one message on stderr and one status, never a
/// trap or a trace of calls. Signals cancel the command's task, so that it ends between two steps that
/// belong together.
struct CommandRun {
  let arguments: [String]

  func run() async -> Int32 {
    let arguments = arguments
    let task = Task {
      do {
        try await Self.execute(arguments)
        return ExitStatus.success
      } catch {
        return Self.report(error)
      }
    }
    let interruption = Interruption { task.cancel() }
    let status = await task.value
    return interruption.exitCode(of: status)
  }

  private static func execute(_ arguments: [String]) async throws {
    var command = try SternaCommand.parseAsRoot(arguments)
    if var asyncCommand = command as? any AsyncParsableCommand {
      try await asyncCommand.run()
    } else {
      try command.run()
    }
  }

  /// Says what went wrong and decides the status.
  private static func report(_ error: any Error) -> ExitStatus {
    switch error {
    case let status as ExitStatus: return status
    // Whoever read our output has closed it (`sterna cat ... | head`): there is nothing left to do, or to
    // say.
    case is BrokenPipe: return .success
    case let error as SternaError: return report(error)
    case is CancellationError: return report(SternaError(wrapping: error))
    default: return reportUsage(error)
    }
  }

  private static func report(_ error: SternaError) -> ExitStatus {
    let status = ExitStatus(error.code)
    guard status != .interrupted else {
      Messages.write("sterna: interrupted")
      return status
    }
    Messages.write(ErrorText(error).lines(isColored: Terminal.standardError.isColored))
    return status
  }

  /// Wrong arguments, and the help and version texts, which the parser throws too.
  private static func reportUsage(_ error: any Error) -> ExitStatus {
    let text = SternaCommand.fullMessage(for: error)
    guard SternaCommand.exitCode(for: error) != .success else {
      _ = try? StandardOutput.writeNow(text.hasSuffix("\n") ? text : text + "\n")
      return .success
    }
    let marker = "Error: "
    let message = text.hasPrefix(marker) ? String(text.dropFirst(marker.count)) : text
    Messages.write(ErrorText.headline(message, isColored: Terminal.standardError.isColored))
    return .usage
  }
}
