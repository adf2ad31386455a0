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

  @Option(help: "As many seeds and no more, however long they take.")
  var seeds: Int?

  func run() async throws {
    if !SerialRuntime.install() {
      print("tasks run in parallel here: it may take several runs of a seed to see its failure again")
    }
    let environment = Environment.live
    let end = seeds == nil ? environment.monotonicNow() + Int64(seconds * 1e9) : .max
    var seedsLeft = seeds ?? .max
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
      seedsLeft -= 1
    } while environment.monotonicNow() < end && seedsLeft > 0
    print(
      "\(total.roundCount) rounds, \(total.committedCount) committed, \(total.failedCount) failed, "
        + "\(total.unknownCount) unknown, \(total.faultCount) faults, went by "
        + "\(total.fingerprint.hex.prefix(12)); no promise broken")
  }
}
