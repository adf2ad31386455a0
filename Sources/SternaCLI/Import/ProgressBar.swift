import SternaBase
import TextFormats

/// One line on a terminal's stderr that is drawn over and over:
///
///     importing SPY  ############------------  52 %  131,072 rows  9.2 MB/s
struct ProgressBar {
  let title: String
  let counter: ImportProgress
  let environment: Environment

  private static let cellCount = 24
  private static let pauseNanoseconds: Int64 = 100_000_000
  private static let clearLine = "\r\u{1B}[K"

  /// Draws while `work` runs.
  func during<Answer: Sendable>(_ work: () async throws -> Answer) async throws -> Answer {
    let painter = Task {
      let start = environment.monotonicNow()
      while !Task.isCancelled {
        let seconds = Double(environment.monotonicNow() - start) / 1e9
        Messages.writeRaw(
          Self.clearLine + fitted(Self.line(counter.counts, title: title, seconds: seconds)))
        try await environment.sleep(Self.pauseNanoseconds)
      }
    }
    do {
      let answer = try await work()
      await clear(painter)
      return answer
    } catch {
      await clear(painter)
      throw error
    }
  }

  private func clear(_ painter: Task<Void, any Error>) async {
    painter.cancel()
    _ = await painter.result
    Messages.writeRaw(Self.clearLine)
  }

  /// A line that is longer than the terminal would leave its beginning behind.
  private func fitted(_ line: String) -> String {
    Terminal.standardError.width.map { String(line.prefix($0 - 1)) } ?? line
  }

  static func line(_ counts: ImportProgress.Counts, title: String, seconds: Double) -> String {
    var parts = [title]
    if let total = counts.read.totalByteCount, total > 0 {
      let share = min(1, Double(counts.read.consumedByteCount) / Double(total))
      let filled = Int(share * Double(cellCount))
      parts.append(
        String(repeating: "#", count: filled) + String(repeating: "-", count: cellCount - filled))
      parts.append("\(Int(share * 100)) %")
    }
    parts.append(Quantity.rows(counts.rowCount))
    if seconds > 0.5 { parts.append("\(Quantity.bytes(Int(Double(counts.textByteCount) / seconds)))/s") }
    return parts.joined(separator: "  ")
  }
}
