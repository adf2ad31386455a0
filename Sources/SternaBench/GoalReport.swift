import Columnar

/// What each preference of the encoder makes of a whole frame: bytes, and the speed of reading them.
struct GoalReport {
  private struct Goal {
    let preference: EncodingOptions.Preference
    let encodedByteCount: Int
    let decodeNanoseconds: Double
  }

  private let goals: [Goal]
  private let decodedByteCount: Int

  init(measuring frame: DataFrame) throws {
    decodedByteCount = frame.columns.reduce(0) { $0 + $1.memoryByteCount }
    goals = try EncodingOptions.Preference.allCases.map { preference in
      let columns = try zip(frame.schema.fields, frame.columns).map { field, column in
        try EncodedPieces(of: column, name: field.name, options: EncodingOptions(preference: preference))
      }
      return Goal(
        preference: preference, encodedByteCount: columns.reduce(0) { $0 + $1.byteCount },
        decodeNanoseconds: try columns.reduce(0) { try $0 + $1.decodeNanoseconds(fastestOf: 3) })
    }
  }

  var table: String {
    var text = Output.column("  goal", width: 16) + "        bytes  read GB/s\n"
    for goal in goals {
      let speed = Double(decodedByteCount) / goal.decodeNanoseconds
      text += "  " + Output.column(goal.preference.rawValue, width: 14)
      text += Output.column("\(goal.encodedByteCount)", width: -13)
      text += Output.number(speed, decimals: 2, width: 11) + "\n"
    }
    return text + "\n"
  }
}
