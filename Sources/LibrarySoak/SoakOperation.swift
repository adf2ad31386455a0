import Columnar
import Sterna
import SternaBase

/// What a client was asked to do, and what it said.
struct SoakOperation: Sendable {
  enum Kind: Sendable { case write, append }

  enum Outcome: Sendable {
    case committed(version: Int)
    case failed(SternaError)
    case unknown
  }

  var kind: Kind
  var symbol: String
  var frame: DataFrame
  var outcome = Outcome.unknown

  /// What the operation makes of the newest version.
  func result(on base: DataFrame?) throws(SternaError) -> DataFrame {
    guard kind == .append, let base else { return frame }
    return try DataFrame.concatenating([base, frame])
  }

  func run(on library: Library) async -> SoakOperation {
    var done = self
    do throws(SternaError) {
      let info =
        switch kind {
        case .write: try await library.write(symbol, frame)
        case .append: try await library.append(symbol, frame)
        }
      done.outcome = .committed(version: info.version)
    } catch {
      done.outcome = error.code == .commitStateUnknown ? .unknown : .failed(error)
    }
    return done
  }

  var description: String {
    "\(kind) \(frame.rowCount) rows to \(symbol): \(outcome)"
  }
}
