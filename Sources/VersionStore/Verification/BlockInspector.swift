import ObjectStore
import SternaBase

/// Follows pointers to the blocks of one symbol and writes down what is wrong with them.
///
/// What is wrong with the data becomes a problem; what is wrong with the way to it (no connection, no
/// access) is thrown: nothing can be said then.
struct BlockInspector: Sendable {
  let blocks: BlockStore
  /// Every block of the symbol that a listing shows, with its size. Listed after the refs and snapshots
  /// were read: what they lead to was there before them.
  let listed: [BlockName: Int]
  private(set) var reached: Set<BlockName> = []
  private(set) var reachedByteCount = 0
  var problems: [VerificationProblem] = []

  init(blocks: BlockStore, listed: [BlockName: Int]) {
    self.blocks = blocks
    self.listed = listed
  }

  mutating func report(_ problem: VerificationProblem) { problems.append(problem) }

  func key(_ pointer: BlockPointer) -> String { LibraryKeys.block(pointer, of: blocks.symbol) }

  /// Follows a pointer.
  /// - Returns: true when its block is there and was not reached before.
  mutating func reach(_ pointer: BlockPointer, location: String) -> Bool {
    guard reached.insert(BlockName(pointer)).inserted else { return false }
    reachedByteCount += pointer.byteCount
    guard let byteCount = listed[BlockName(pointer)] else {
      report(VerificationProblem(.missing, key: key(pointer), "the block is missing", location: location))
      return false
    }
    guard byteCount == pointer.byteCount else {
      let what = "the block has \(byteCount) bytes, its pointer says \(pointer.byteCount)"
      report(VerificationProblem(.corrupt, key: key(pointer), what, location: location))
      return false
    }
    return true
  }

  /// Whether a listing shows the block with the size that its pointer says.
  func isListed(_ pointer: BlockPointer) -> Bool { listed[BlockName(pointer)] == pointer.byteCount }

  /// Reads a block, as its bytes or the problem with it.
  func read(_ pointer: BlockPointer, location: String) async throws -> Result<Bytes, Found> {
    do {
      return .success(try await blocks.get(pointer))
    } catch {
      return .failure(try Self.problem(SternaError(wrapping: error), key: key(pointer), location: location))
    }
  }

  /// What an error says of the data.
  /// - Throws: an error that says nothing of it.
  static func problem(
    _ error: SternaError, key: String, location: String
  ) throws(SternaError) -> Found {
    let kind: VerificationProblem.Kind
    switch error.code {
    case .corrupt, .invalidArgument: kind = .corrupt
    case .versionPruned, .objectNotFound: kind = .missing
    case .unsupportedFormat: kind = .unsupported
    default: throw error
    }
    return Found(
      problem: VerificationProblem(kind, key: error.key ?? key, error.message, location: location))
  }

  /// A problem on its way to the report.
  struct Found: Error {
    let problem: VerificationProblem
  }
}
