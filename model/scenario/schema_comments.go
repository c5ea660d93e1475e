package scenario

import (
	"embed"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// sources are the files whose comments describe the keys of scenario files.
//
//go:embed definition.go forms.go planning.go
var sources embed.FS

// sourceComments are the comments of the structs and their fields, by Type and Type.Field, without the name of the type
// at the beginning.
func sourceComments() map[string]string {
	comments := map[string]string{}
	for _, name := range []string{"definition.go", "forms.go", "planning.go"} {
		source, err := sources.ReadFile(name)
		if err != nil {
			panic(err) // it is embedded
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments)
		if err != nil {
			panic(err) // it has been compiled
		}
		for _, declaration := range file.Decls {
			if types, isTypes := declaration.(*ast.GenDecl); isTypes && types.Tok == token.TYPE {
				addComments(comments, types)
			}
		}
	}
	return comments
}

func addComments(comments map[string]string, types *ast.GenDecl) {
	for _, spec := range types.Specs {
		declared := spec.(*ast.TypeSpec)
		shape, isStruct := declared.Type.(*ast.StructType)
		if !isStruct {
			continue
		}
		name := declared.Name.Name
		forUsers, _, _ := strings.Cut(types.Doc.Text(), "\n\n") // what follows is for programmers
		comments[name] = sentence(strings.TrimPrefix(forUsers, name+" is "))
		for _, field := range shape.Fields.List {
			text := field.Doc.Text() + field.Comment.Text()
			for _, fieldName := range field.Names {
				comments[name+"."+fieldName.Name] = sentence(text)
			}
		}
	}
}

// sentence is a comment in one line.
func sentence(comment string) string { return strings.Join(strings.Fields(comment), " ") }
