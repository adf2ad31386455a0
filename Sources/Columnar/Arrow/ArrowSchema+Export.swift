import CArrow

extension ArrowSchema {
  /// The schema of batches with these columns, as Arrow describes it: a struct with a child per column.
  package init(exporting schema: Schema) {
    let owner = ArrowExport()
    let children = owner.allocate(schema.fields.count, of: UnsafeMutablePointer<ArrowSchema>?.self)
    for (position, field) in schema.fields.enumerated() {
      let child = owner.allocate(1, of: ArrowSchema.self)
      child.initialize(to: ArrowSchema(exporting: field))
      children[position] = child
    }
    self.init(owner, format: "+s", name: "", isNullable: false)
    n_children = Int64(schema.fields.count)
    self.children = children
  }

  init(exporting field: Field) {
    let owner = ArrowExport()
    var values: UnsafeMutablePointer<ArrowSchema>?
    if field.type == .dictionary {
      values = owner.allocate(1, of: ArrowSchema.self)
      values?.initialize(to: ArrowSchema(exporting: Field("", .utf8, nullable: false)))
    }
    self.init(owner, format: field.type.arrowFormat, name: field.name, isNullable: field.isNullable)
    dictionary = values
  }

  private init(_ owner: ArrowExport, format: String, name: String, isNullable: Bool) {
    self.init()
    self.format = owner.cString(format)
    self.name = owner.cString(name)
    flags = isNullable ? Int64(ARROW_FLAG_NULLABLE) : 0
    release = releaseArrowSchema
    private_data = owner.retained
  }
}
