// The names are C's, as sterna.h declares them; the compiler checks each against it.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CSterna
import Columnar
import Sterna
import SternaBase

@c @implementation
public func sterna_library_difference(
  _ library: OpaquePointer!, _ symbol: UnsafePointer<CChar>!, _ options: UnsafePointer<CChar>!
) -> OpaquePointer! {
  let read = { (options: inout Options) throws(SternaError) in
    (
      try required(options.version("from"), "from"), try options.version("to") ?? .latest,
      try options.text("symbol")
    )
  }
  return Target.start(library, symbol, options, read) { target, request in
    let (old, new, otherSymbol) = request
    return Answer(
      json: JSONValue(
        try await target.library.difference(of: target.symbol, from: old, to: new, in: otherSymbol)))
  }
}

extension JSONValue {
  fileprivate init(_ difference: SymbolDifference) {
    let columns = difference.columns.map { column -> JSONValue in
      [
        "name": .string(column.name), "old_type": column.oldType.map { .string($0) } ?? .null,
        "new_type": column.newType.map { .string($0) } ?? .null,
      ]
    }
    let rows = difference.rows.map { change -> JSONValue in
      [
        "kind": .string(change.kind.rawValue), "first": .int64(change.first), "last": .int64(change.last),
        "old_row_count": .int64(Int64(change.oldRowCount)),
        "new_row_count": .int64(Int64(change.newRowCount)),
      ]
    }
    let index = difference.index.map { field -> JSONValue in
      ["name": .string(field.name), "type": .string(field.type.description)]
    }
    self = [
      "old": JSONValue(difference.old), "new": JSONValue(difference.new), "index": index ?? .null,
      "columns": .array(columns), "rows": .array(rows),
      "read_slice_count": .int64(Int64(difference.readSliceCount)),
    ]
  }
}
