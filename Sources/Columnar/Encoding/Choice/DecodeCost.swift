/// How long a subtree takes to decode: nanoseconds of one core, measured once, kept as constants so that
/// the same data gives the same bytes on every machine.
enum DecodeCost {
  /// - Parameter count: how many numbers the subtree gives.
  static func nanoseconds(_ node: EncodedNode, count: Int) -> Double {
    let numbers = Double(count)
    func child(_ index: Int, count: Int) -> Double { nanoseconds(node.children[index], count: count) }
    switch node.encoding {
    case .plain: return 0.1 * numbers
    case .constant: return 0.05 * numbers
    case .frameOfReference: return 0.2 * numbers
    case .delta: return 0.4 * numbers
    case .planes: return 0.1 * Double(node.parameters[0]) * numbers
    case .scaled, .dyadic: return 0.25 * numbers + child(0, count: count)
    case .differences: return 0.3 * numbers + child(0, count: count)
    case .split: return 0.2 * numbers + child(0, count: count) + child(1, count: count)
    case .lookup, .dictionary:
      return 0.5 * numbers + child(0, count: count) + child(1, count: clamped(node.parameters[0]))
    case .runs:
      let runs = clamped(node.parameters[0])
      return 0.1 * numbers + 3 * Double(runs) + child(0, count: runs) + child(1, count: runs)
    case .patched:
      let exceptions = clamped(node.parameters[0])
      return child(0, count: count) + 3 * Double(exceptions)
    case .decimal: return 0.25 * numbers + child(0, count: count) + 3 * Double(clamped(node.parameters[2]))
    case .zstd:
      let (compressed, raw) = (Double(node.byteCount), Double(clamped(node.parameters[0])))
      return min(5 * compressed, 0.9 * raw) + 0.05 * raw + child(0, count: count)
    case .bitmap, .variable, .pattern, .nullable: return 0
    }
  }

  private static func clamped(_ parameter: UInt64) -> Int { Int(min(parameter, 1 << 40)) }
}
