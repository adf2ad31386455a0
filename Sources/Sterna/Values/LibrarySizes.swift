import Columnar
import SternaBase
import VersionStore

/// What a library takes in its store, by symbol and kind of object. Garbage that was not collected yet is
/// in it.
public struct LibrarySizes: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case ref, segment, node, history, metadata, staged, snapshot, other
  }

  public struct Size: Hashable, Sendable {
    public var objectCount = 0
    public var byteCount = 0
  }

  /// Of the symbols that exist.
  public var symbols: [String: [Kind: Size]]
  /// Of snapshots, and of what deleted symbols left behind.
  public var rest: [Kind: Size]
}

extension Library {
  /// Bytes and objects by symbol and kind: LISTs only, one for a small library.
  public func sizes() async throws(SternaError) -> LibrarySizes {
    try await reporting {
      async let listed = symbols.sizes()
      let names = try await symbolNames()
      var parts = try await listed
      var sizes = LibrarySizes(symbols: [:], rest: [:])
      for name in names {
        let part = parts.removeValue(forKey: try symbols.sizeComponent(of: name)) ?? [:]
        sizes.symbols[name] = LibrarySizes.translated(part)
      }
      for part in parts.values {
        sizes.rest.merge(LibrarySizes.translated(part)) {
          .init(objectCount: $0.objectCount + $1.objectCount, byteCount: $0.byteCount + $1.byteCount)
        }
      }
      return sizes
    }
  }
}

extension LibrarySizes {
  fileprivate static func translated(_ part: [StoredKind: StoredSize]) -> [Kind: Size] {
    Dictionary(
      uniqueKeysWithValues: part.map { kind, size in
        (Kind(kind), Size(objectCount: size.objectCount, byteCount: size.byteCount))
      })
  }
}

extension LibrarySizes.Kind {
  fileprivate init(_ kind: StoredKind) {
    self =
      switch kind {
      case .ref: .ref
      case .block(.segment): .segment
      case .block(.node): .node
      case .block(.history): .history
      case .block(.metadata): .metadata
      case .staged: .staged
      case .snapshot: .snapshot
      case .other: .other
      }
  }
}
