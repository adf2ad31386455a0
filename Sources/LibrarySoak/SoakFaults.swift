import ObjectStore
import SternaBase
import TestSupport

/// A random mix of faults for one round.
enum SoakFaults {
  static func rules(using random: inout SeededGenerator) -> [FaultRule] {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in rule(using: &random) }
  }

  private static func rule(using random: inout SeededGenerator) -> FaultRule {
    let refs = FaultRule.Keys.containing("/refs/")
    let blocks = FaultRule.Keys.containing("/blocks/")
    let nth = FaultRule.Occasions.nth(Int.random(in: 1...4, using: &random))
    let first = FaultRule.Occasions.first(Int.random(in: 1...6, using: &random))
    let staged = FaultRule.Keys.containing("/staged/")
    let snapshots = FaultRule.Keys.containing("/snapshots/")
    let unsupported = SternaError(.unsupportedStore, "injected: no copies")
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return FaultRule(.loseAnswer(), verbs: [.put], keys: refs, on: nth)
    case 1: return FaultRule(.deliverLate(), verbs: [.put], keys: refs, on: first)
    case 2: return FaultRule(.deliverTwice, verbs: [.put], keys: refs, on: nth)
    case 3: return FaultRule(.failBefore(.injectedLostAnswer), verbs: [.put], keys: refs, on: first)
    case 4: return FaultRule(.failBefore(.injectedConflict), verbs: [.put], keys: refs, on: first)
    case 5: return FaultRule(.failBefore(), verbs: [.get], keys: refs, on: nth)
    case 6: return FaultRule(.loseAnswer(), verbs: [.put], keys: blocks, on: nth)
    case 7: return FaultRule(.deliverLate(), verbs: [.put], keys: blocks, on: nth)
    case 8: return FaultRule(.flipByte(at: 64), verbs: [.get], keys: blocks, on: nth)
    case 9: return FaultRule(.truncate(to: 40), verbs: [.get], keys: blocks, on: nth)
    case 10: return FaultRule(.loseAnswer(), verbs: [.put], keys: staged, on: nth)
    case 11: return FaultRule(.deliverLate(), verbs: [.put], keys: staged, on: nth)
    case 12: return FaultRule(.deliverTwice, verbs: [.put], keys: staged, on: nth)
    case 13: return FaultRule(.failBefore(), verbs: [.deleteMany], keys: staged, on: nth)
    case 14: return FaultRule(.failBefore(unsupported), verbs: [.copy])
    case 15: return FaultRule(.loseAnswer(), verbs: [.copy], on: nth)
    case 16: return FaultRule(.deliverLate(), verbs: [.copy], on: nth)
    case 17: return FaultRule(.loseAnswer(), verbs: [.put], keys: snapshots, on: nth)
    case 18: return FaultRule(.deliverLate(), verbs: [.deleteMany], keys: blocks, on: nth)
    default: return FaultRule(.failBefore(), keys: blocks, on: nth)
    }
  }
}
