console.log('forge');
