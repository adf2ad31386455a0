import ArgumentParser
import LibrarySoak
import SternaBase

struct LibraryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "library", abstract: "Random operations on a store with faults, against a model in memory."
  )

  @Option(help: "How long.")
  var seconds = 60.0

  @Option(help: "Begin with this seed, to see a failure again; else one is drawn.")
  var seed: UInt64?

  @Option(help: "Rounds per seed: the next seed then begins with an empty store.")
  var rounds = 400

  func run() async throws {
    let environment = Environment.live
    let end = environment.monotonicNow() + Int64(seconds * 1e9)
    var seed = seed ?? environment.random()
    var total = LibrarySoak.Report()
    print("first seed \(seed)")
    repeat {
      let soak = LibrarySoak(seed: seed)
      do {
        try await soak.run(rounds: rounds) { environment.monotonicNow() > end }
      } catch {
        throw BrokenPromise(description: "\(error)\nAgain: scripts/soak --seed \(seed)")
      }
      total += soak.report
      seed &+= 1
    } while environment.monotonicNow() < end
    print(
      "\(total.roundCount) rounds, \(total.committedCount) committed, \(total.failedCount) failed, "
        + "\(total.unknownCount) unknown, \(total.faultCount) faults; no promise broken")
  }
}
