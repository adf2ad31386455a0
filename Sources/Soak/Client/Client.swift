import Sterna
import SternaBase

/// Answers one JSON object with another; whatever goes wrong is an answer too.
///
/// The outcome is `ok`, `failed` (it did not happen) or `unknown`, and then there is what an error carries.
struct Client {
  var store: Store
  var libraryName: String
  let options: StoreOptions

  func answer(_ line: String) async -> JSONValue {
    do {
      let command = try JSONValue(parsing: Bytes(utf8: line), subject: "command")
      // Named beside the operation, they send it elsewhere: one process can look after many places.
      let client = try await at(command["store"]?.stringValue, command["library"]?.stringValue)
      let name = try command.text("do")
      guard let operation = Self.operations[name] else {
        throw SternaError(.invalidArgument, "no operation '\(name)'")
      }
      let answer = try await operation(client, command)
      return .object([.init("outcome", "ok")] + answer)
    } catch {
      return Self.failure(SternaError(wrapping: error))
    }
  }

  private func at(_ place: String?, _ library: String?) async throws -> Client {
    var client = self
    if let place { client.store = try await Store.open(place, options: options) }
    client.libraryName = library ?? libraryName
    return client
  }

  private static func failure(_ error: SternaError) -> JSONValue {
    let optional: [(String, JSONValue?)] = [
      ("advice", error.advice.map { .string($0) }), ("key", error.key.map { .string($0) }),
      ("token", error.commitToken.map { .string($0) }),
      ("status", error.httpStatus.map { .int64(Int64($0)) }),
      ("attempts", error.attempts.map { .int64(Int64($0)) }),
    ]
    return .object(
      [
        .init("outcome", error.code == .commitStateUnknown ? "unknown" : "failed"),
        .init("code", .string(error.code.name)), .init("message", .string(error.message)),
        .init("mayHaveBeenApplied", .bool(error.mayHaveBeenApplied)),
      ] + optional.compactMap { name, value in value.map { .init(name, $0) } })
  }
}

extension JSONValue {
  func text(_ name: String) throws(SternaError) -> String {
    guard let text = self[name]?.stringValue else {
      throw SternaError(.invalidArgument, "the command has no text '\(name)'")
    }
    return text
  }

  func number(_ name: String) throws(SternaError) -> Int {
    guard let number = self[name]?.int64Value else {
      throw SternaError(.invalidArgument, "the command has no number '\(name)'")
    }
    return Int(number)
  }
}
