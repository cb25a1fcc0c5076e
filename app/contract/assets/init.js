/* Starts Swagger UI on the document of this very program; nothing is asked of any other address. */
window.addEventListener("load", () => {
  const ui = SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#docs",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayOperationId: true,
    filter: true,
    persistAuthorization: false, // the next person at a shared computer must not find credentials
    tryItOutEnabled: true,
    validatorUrl: null,
  });
  ui.initOAuth({ clientId: "docs" });
});
