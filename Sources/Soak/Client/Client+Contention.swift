import Columnar
import Sterna
import SternaBase

/// One of many writers of a symbol, and what is there in the end. The checker of the history is in
/// `Tests/Faults/history.py`.
extension Client {
  /// Commits round after round and tells of each: `[round, began, ended, version]`, or in the place of the
  /// version the code of the error. Times are the machine's monotonic clock, which all processes share.
  func contend(_ command: JSONValue) async throws -> Answer {
    let library = try await library()
    let symbol = try command.text("symbol")
    let writer = try command.number("writer")
    var rounds: [JSONValue] = []
    for round in 0..<(try command.number("rounds")) {
      let frame = try Self.frame(writer: writer, round: round)
      let began = store.environment.monotonicNow()
      let outcome: JSONValue
      do throws(SternaError) {
        // Symbols that only grew would make each version dearer to check than the one before.
        let isWrite = round % 8 == 0
        let made =
          isWrite ? try await library.write(symbol, frame) : try await library.append(symbol, frame)
        outcome = .int64(Int64(made.version))
      } catch {
        outcome = .string(error.code.name)
      }
      let ended = store.environment.monotonicNow()
      rounds.append(.array([.int64(Int64(round)), .int64(began), .int64(ended), outcome]))
    }
    return [.init("rounds", .array(rounds))]
  }

  /// Every version with all of its rows: `[number, time, operation, rows]`, a row being `[writer, round,
  /// bits]`.
  func contention(_ command: JSONValue) async throws -> Answer {
    let library = try await library()
    let symbol = try command.text("symbol")
    let infos = try await library.versions(of: symbol)
    let versions = try await withThrowingTaskGroup(of: (Int, JSONValue).self) { group in
      var rest = infos.makeIterator()
      var found: [(Int, JSONValue)] = []
      func startNext() {
        guard let info = rest.next() else { return }
        group.addTask {
          let frame = try await library.read(symbol, asOf: .version(info.version)).frame
          return (
            info.version,
            .array([
              .int64(Int64(info.version)), .int64(info.time.nanosecondsSinceEpoch),
              .string(info.operation), try Self.rows(of: frame),
            ])
          )
        }
      }
      for _ in 0..<8 { startNext() }
      for try await version in group {
        found.append(version)
        startNext()
      }
      return found.sorted { $0.0 < $1.0 }.map(\.1)
    }
    return [.init("versions", .array(versions))]
  }

  /// One to three rows, whose last column is any bits at all.
  private static func frame(writer: Int, round: Int) throws(SternaError) -> DataFrame {
    let first = UInt64(writer) << 40 | UInt64(round) << 8
    let rows = (0..<UInt64(1 + (writer + round) % 3)).map { first | $0 }
    return try DataFrame([
      ("writer", .int64s(rows.map { _ in Int64(writer) })),
      ("round", .int64s(rows.map { _ in Int64(round) })),
      ("bits", .float64s(rows.map { Double(bitPattern: $0 &* 0x9E37_79B9_7F4A_7C15) })),
    ])
  }

  private static func rows(of frame: DataFrame) throws(SternaError) -> JSONValue {
    guard frame.columns.count == 3 else { throw SternaError(.corrupt, "a version of other columns") }
    func cell(_ value: Value) -> JSONValue {
      switch value {
      case .integer(let value): .int64(value)
      case .float64(let value): .string(String(value.bitPattern, radix: 16))
      case let other: .string("\(other)")
      }
    }
    return .array(
      (0..<frame.rowCount).map { row in .array(frame.columns.map { cell($0.value(at: row)) }) })
  }
}
