import ArgumentParser
import ProtocolModel
import SternaBase

struct ProtocolCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "protocol", abstract: "Search all interleavings of the commit protocol's runs.")

  @Option(help: "Worlds to visit in each run at most.")
  var states = 100_000

  @Option(help: "Minutes for all runs together; each gets an equal share of what is left.")
  var minutes: Double?

  @Option(help: "Only runs whose name contains this.")
  var run: String?

  @Flag(help: "Switch each rule off in turn and print the shortest way to what it prevents.")
  var controls = false

  func run() async throws {
    if controls { try searchControls() } else { try searchRuns() }
  }

  private func searchRuns() throws {
    let scenarios = Scenario.all.filter { run.map($0.name.contains) ?? true }
    let environment = Environment.live
    let end = minutes.map { environment.monotonicNow() + Int64($0 * 60e9) }
    var total = 0
    for (index, scenario) in scenarios.enumerated() {
      let began = environment.monotonicNow()
      let shareEnd = end.map { began + max(0, $0 - began) / Int64(scenarios.count - index) }
      var explorer = Explorer(scenario)
      let report = explorer.run(stateLimit: states) {
        shareEnd.map { environment.monotonicNow() > $0 } ?? false
      }
      let seconds = Double(environment.monotonicNow() - began) / 1e9
      print("\(report.summary), \(Int(Double(report.stateCount) / seconds)) per second")
      if let violation = report.violation { throw BrokenPromise(description: violation.description) }
      total += report.stateCount
    }
    print("\(total) states, no promise broken")
  }

  private func searchControls() throws {
    for control in Control.all where run.map(control.rule.rawValue.contains) ?? true {
      var explorer = Explorer(control.scenario, rulesOff: [control.rule])
      let report = explorer.run(stateLimit: states)
      guard let violation = report.violation else {
        throw BrokenPromise(description: "\(control.rule.rawValue) was switched off and nothing was found")
      }
      print("\(control.rule.rawValue) off, \(report.summary)\n\(violation)\n")
    }
  }
}
