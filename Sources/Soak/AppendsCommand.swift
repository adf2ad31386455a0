import ArgumentParser
import LibrarySoak
import SternaBase

struct AppendsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "appends",
    abstract: "What many small appends leave behind, beside one write of their rows.")

  @Option(help: "How many appends.")
  var count = 100_000

  @Option(help: "Rows of each.")
  var rows = 10

  func run() async throws {
    let environment = Environment.live
    let began = environment.monotonicNow()
    let growth = try await AppendGrowth.measure(appendCount: count, rowsPerAppend: rows)
    let seconds = Double(environment.monotonicNow() - began) / 1e9
    print(
      """
      \(count) appends of \(rows) rows: \(growth.requestCount) requests, \
      \(growth.sentByteCount >> 20) MiB sent, \(Int(seconds)) s
      slices          \(growth.appended.sliceCount), one write has \(growth.written.sliceCount)
      bytes           \(growth.appended.byteCount), one write has \(growth.written.byteCount)
      read requests   \(growth.appended.readRequestCount), one write has \(growth.written.readRequestCount)
      """)
    guard growth.appended.sliceCount <= growth.written.sliceCount + 8 else {
      throw BrokenPromise(description: "appends left too many slices")
    }
  }
}
